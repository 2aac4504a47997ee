import { Router, json, type Request, type RequestHandler, type Response } from 'express';
import { OutriderError } from '../domain/errors.ts';
import { cookieNameOf, cookieOptions, longestCookie } from './credentials.ts';
import type { Identity } from './identity.ts';
import { sendError } from './errors.ts';
import type { RequestOrigin } from './RequestOrigin.ts';
import { identifiedBy, sendForeign, type Access } from './requireActor.ts';

const longestMs = 30 * 86_400_000;

/**
 * `/any/page?token=…` of a printed URL: keeps the token in a cookie and takes it out of the address bar; path and other
 * parameters stay. A browser with a token that is not valid gets the page all the same, which asks for a key.
 */
export function tokenFromUrl({ authenticator, origin }: Access): RequestHandler {
  return async (request, response, next) => {
    const { token } = request.query;
    if (typeof token !== 'string') {
      next();
      return;
    }
    const isBrowser = request.accepts(['json', 'html']) === 'html';
    const asked = authenticator.identify(token, () => origin.addressOf(request));
    const identity = isBrowser ? await asked.catch(nobodyYet) : await identifiedBy(asked, response, 'This token is not valid: take the URL that the server printed last.');
    if (!identity && !isBrowser) return;
    const isKept = identity !== null && keep(request, response, origin, token, identity);
    response.set('cache-control', 'no-store').redirect(303, `${withoutToken(request.originalUrl)}${isKept ? '' : '#token-refused'}`);
  };
}

/** The page says what is to be done about a token; how long it has to wait it learns when it tries one. */
function nobodyYet(error: unknown): null {
  if (error instanceof OutriderError && error.code === 'RATE_LIMITED') return null;
  throw error;
}

/** The same page of this server, whatever stood before it. */
function withoutToken(target: string): string {
  const { pathname, searchParams } = new URL(target, 'http://server');
  searchParams.delete('token');
  const query = searchParams.toString();
  // Two slashes at the beginning would name another server.
  return `/${pathname.replace(/^[/\\]+/, '')}${query && `?${query}`}`;
}

/** POST /login {"token": …}: an API key or a JWT for a cookie. POST /logout forgets it. */
export function loginRoutes({ authenticator, origin }: Access): Router {
  const router = Router();
  const ownPages: RequestHandler = (request, response, next) => (origin.isForeign(request) ? sendForeign(response) : next());

  router.post('/login', ownPages, json({ limit: '16kb' }), async (request, response) => {
    const token: unknown = request.body?.token;
    if (typeof token !== 'string') {
      sendError(response, 'BAD_REQUEST', 'Send the key as JSON: {"token": "…"}.');
      return;
    }
    const identity = await identifiedBy(authenticator.identify(token, () => origin.addressOf(request)), response, 'This key is not valid.');
    if (!identity) return;
    if (!keep(request, response, origin, token, identity)) {
      sendError(response, 'BAD_REQUEST', `This token is too long for a cookie, which has ${longestCookie} bytes at most: send it as Authorization: Bearer TOKEN.`, 413);
      return;
    }
    response.json({ name: identity.actor.name, role: identity.actor.role.toUpperCase() });
  });

  router.post('/logout', ownPages, (request, response) => {
    const secure = origin.isSecure(request);
    response.clearCookie(cookieNameOf(secure), cookieOptions(secure)).status(204).end();
  });

  return router;
}

/** As long as the token holds, and a month at most; false where no browser would keep it. */
function keep(request: Request, response: Response, origin: RequestOrigin, token: string, { expiresAt }: Identity): boolean {
  if (encodeURIComponent(token).length > longestCookie) return false;
  const secure = origin.isSecure(request);
  const maxAge = Math.min(longestMs, expiresAt === null ? Infinity : Math.max(0, expiresAt - Date.now()));
  response.cookie(cookieNameOf(secure), token, { ...cookieOptions(secure), maxAge });
  return true;
}
