import type { RequestListener } from 'node:http';
import cors from 'cors';

/** What front ends of another origin may ask for; the dashboard, its login and the health routes are for our own pages. */
const paths = new Set(['/graphql', '/import', '/export']);

/**
 * CORS for named origins. Never with cookies: such a page has a token of its own. Without names it is `answer` itself, and
 * browsers keep every other origin out.
 */
export function allowOrigins(origins: readonly string[], answer: RequestListener): RequestListener {
  if (origins.length === 0) return answer;
  const allow = cors({
    origin: [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'content-encoding', 'idempotency-key', 'outrider-position', 'x-request-id', 'traceparent', 'tracestate', 'apollo-require-preflight'],
    exposedHeaders: ['outrider-position', 'retry-after', 'x-request-id', 'content-disposition'],
    maxAge: 600,
  });
  return (request, response) => {
    if (paths.has(request.url?.split('?', 1)[0] ?? '')) allow(request, response, () => answer(request, response));
    else answer(request, response);
  };
}
