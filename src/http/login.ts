import { Router, json, type Request, type RequestHandler, type Response } from 'express';
import { cookieName, type Authenticator } from './authenticate.ts';
import { sendError } from './errors.ts';

/** `/?token=…` of the printed URL: keeps the token in a cookie and takes it out of the address bar. */
export function tokenFromUrl(authenticator: Authenticator): RequestHandler {
  return async (request, response, next) => {
    const { token } = request.query;
    if (typeof token !== 'string') {
      next();
      return;
    }
    if (await authenticator.actorOf(token)) {
      keep(request, response, token);
      response.redirect(303, '/');
    } else {
      sendError(response, 'UNAUTHENTICATED', 'This token is not valid: take the URL that the server printed last.');
    }
  };
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
