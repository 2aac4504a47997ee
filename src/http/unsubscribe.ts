import { randomUUID } from 'node:crypto';
import { Router, type Response } from 'express';
import { readUnsubscribeToken } from '../mail/unsubscribeLink.ts';
import type { ServiceContext } from '../services/context.ts';
import { unsubscribe } from '../services/suppression/unsubscribe.ts';

export interface UnsubscribeOptions {
  /** what the service works with; a new one for each request */
  services(): Omit<ServiceContext, 'actor'>;
  log: { error(details: object, message: string): void };
}

/** One-click bodies are some 30 bytes. */
const maxBody = 10_000;

/**
 * /unsubscribe/TOKEN, for whoever has the link, without a login: GET shows a page with a button and changes nothing,
 * because scanners open links; POST unsubscribes, by the button or as RFC 8058 has it. The body says nothing that the
 * link does not say, so that it is not read.
 */
export function unsubscribeRoutes({ services, log }: UnsubscribeOptions): Router {
  const router = Router();

  router.get('/unsubscribe/:token', (request, response) => {
    if (readUnsubscribeToken(services().outreach, request.params.token) === null) send(response, 404, unknownLink);
    else send(response, 200, question);
  });

  router.post('/unsubscribe/:token', async (request, response) => {
    const context = services();
    const messageId = readUnsubscribeToken(context.outreach, request.params.token);
    if (messageId === null) {
      send(response, 404, unknownLink);
      return;
    }
    if (Number(request.headers['content-length'] ?? 0) > maxBody) {
      send(response.set('Connection', 'close'), 413, { title: 'Too much', text: 'This link takes no data: press its button, or send List-Unsubscribe=One-Click.' });
      return;
    }
    try {
      const done = await unsubscribe(context, messageId);
      send(response, done ? 200 : 404, done ? unsubscribed : unknownLink);
    } catch (error) {
      const errorId = randomUUID();
      log.error({ errorId, err: error }, 'somebody could not be unsubscribed');
      send(response.set('Retry-After', '60'), 503, { ...notNow, text: `${notNow.text} (${errorId})` });
    }
  });

  router.all('/unsubscribe/:token', (_request, response) => {
    send(response.set('Allow', 'GET, HEAD, POST'), 405, { title: 'Not this way', text: 'Open this link, or send it a POST.' });
  });

  return router;
}

interface Page {
  title: string;
  text: string;
  button?: string;
}

const question: Page = { title: 'Unsubscribe', text: 'You will get no further mail from us at the address that the mail with this link went to.', button: 'Unsubscribe' };
const unsubscribed: Page = { title: 'You are unsubscribed', text: 'You will get no further mail from us. You can close this page.' };
const unknownLink: Page = { title: 'This link does not work', text: 'It is not complete, or it is not ours: open it from the mail again, or answer the mail and ask to be left alone.' };
const notNow: Page = { title: 'Not now', text: 'You are not unsubscribed yet, because our database does not answer. Please try again in a minute, or answer the mail and ask to be left alone.' };

/** Every text is ours, so that nothing needs escaping. */
function send(response: Response, status: number, { title, text, button }: Page): void {
  const form = button ? `<form method="post"><button type="submit">${button}</button></form>` : '';
  response
    .status(status)
    .set({ 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' })
    .send(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
:root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif; }
main { max-width: 32rem; margin: 15vh auto 0; padding: 0 1.5rem; }
button { font: inherit; padding: 0.6rem 1.2rem; cursor: pointer; }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${text}</p>
${form}
</main>
</body>
</html>
`);
}
