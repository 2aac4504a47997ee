import type { RequestHandler } from 'express';

/**
 * Whoever opens the API's address in a browser meant to look at it: they are led to GraphiQL, or told what this is.
 * Requests with an operation, and clients that do not ask for a page, go on.
 *
 * @param explorer the path of GraphiQL; null where it is not served
 */
export function greetBrowsers(explorer: string | null): RequestHandler {
  return (request, response, next) => {
    const { query, documentId, extensions } = request.query;
    if (request.method !== 'GET' || (query ?? documentId ?? extensions) !== undefined || request.accepts(['json', 'html']) !== 'html') next();
    else if (explorer) response.redirect(303, `${explorer}${new URL(request.originalUrl, 'http://server').search}`);
    else response.status(400).type('text').send('This is the GraphQL API. Send operations here by POST, as application/json, with "Authorization: Bearer TOKEN".\n');
  };
}
