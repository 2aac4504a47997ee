import { Router, json, type Request, type RequestHandler, type Response } from 'express';
import { cookieName, type Authenticator } from './authenticate.ts';
import { sendError } from './errors.ts';

/**
 * `/any/page?token=…` of a printed URL: keeps the token in a cookie and takes it out of the address bar; path and other
 * parameters stay. A browser with a token that is not valid gets the page all the same, which asks for a key.
 */
export function tokenFromUrl(authenticator: Authenticator): RequestHandler {
  return async (request, response, next) => {
    const { token } = request.query;
    if (typeof token !== 'string') {
      next();
      return;
    }
    const isKnown = (await authenticator.actorOf(token)) !== null;
    if (isKnown) keep(request, response, token);
    if (isKnown || request.accepts(['json', 'html']) === 'html') {
      response.set('cache-control', 'no-store').redirect(303, `${withoutToken(request.originalUrl)}${isKnown ? '' : '#token-refused'}`);
    } else {
      sendError(response, 'UNAUTHENTICATED', 'This token is not valid: take the URL that the server printed last.');
    }
  };
}

/** The same page of this server, whatever stood before it. */
function withoutToken(target: string): string {
  const { pathname, searchParams } = new URL(target, 'http://server');
  searchParams.delete('token');
  const query = searchParams.toString();
  // Two slashes at the beginning would name another server.
  return `/${pathname.replace(/^[/\\]+/, '')}${query && `?${query}`}`;
}

/** POST /login {"token": …}: an API key for a cookie. POST /logout forgets it. */
export function loginRoutes(authenticator: Authenticator): Router {
  const router = Router();

  router.post('/login', json({ limit: '4kb' }), async (request, response) => {
    const token: unknown = request.body?.token;
    const actor = typeof token === 'string' ? await authenticator.actorOf(token) : null;
    if (!actor) {
      sendError(response, 'UNAUTHENTICATED', 'This key is not valid.');
      return;
    }
    keep(request, response, token as string);
    response.json({ name: actor.name, role: actor.role.toUpperCase() });
  });

  router.post('/logout', (_request, response) => {
    response.clearCookie(cookieName, { path: '/' }).status(204).end();
  });

  return router;
}

function keep(request: Request, response: Response, token: string): void {
  response.cookie(cookieName, token, { httpOnly: true, sameSite: 'strict', secure: request.secure, path: '/', maxAge: 30 * 86_400_000 });
}
