import { Router, json, type Request, type RequestHandler, type Response } from 'express';
import { OutriderError } from '../domain/errors.ts';
import { cookieNameOf, cookieOptions, longestCookie } from './credentials.ts';
import type { Identity } from './identity.ts';
import { sendError } from './errors.ts';
import { limitBody } from './limitBody.ts';
import type { RequestOrigin } from './RequestOrigin.ts';
import { identifiedBy, sendForeign, type Access } from './requireActor.ts';

const longestMs = 30 * 86_400_000;
/** A token, and what JSON has around it. */
const maxLoginBytes = 16 * 1024;

/**
 * `/any/page?token=…` of a printed URL: keeps OUTRIDER_TOKEN in a cookie and takes it out of the address bar; path and other
 * parameters stay. A browser with a token that is not valid gets the page all the same, which asks for a key.
 *
 * No other token is taken from a URL: a link with somebody's own key would sign whoever follows it in as somebody else, who then
 * sees and owns what they do. Whoever knows OUTRIDER_TOKEN needs no such link.
 */
export function tokenFromUrl({ authenticator, origin }: Access): RequestHandler {
  return async (request, response, next) => {
    const { token } = request.query;
    if (token === undefined) {
      next();
      return;
    }
    const given = typeof token === 'string' ? token : null;
    const isBrowser = request.accepts(['json', 'html']) === 'html';
    const asked = authenticator.identify(given, () => origin.addressOf(request)).then(whoRunsTheServer);
    const identity = isBrowser ? await asked.catch(nobodyYet) : await identifiedBy(asked, response, 'This token is not valid in a URL: take the one that the server printed last, or send a key to POST /login.');
    if (!identity && !isBrowser) return;
    const isKept = identity !== null && keep(request, response, origin, given!, identity);
    response.set('cache-control', 'no-store').redirect(303, `${withoutToken(request.originalUrl)}${isKept ? '' : '#token-refused'}`);
  };
}

const whoRunsTheServer = (identity: Identity | null): Identity | null => (identity?.actor.isAdminToken ? identity : null);

/** The page says what is to be done about a token; how long it has to wait it learns when it tries one. */
function nobodyYet(error: unknown): null {
  if (error instanceof OutriderError && error.code === 'RATE_LIMITED') return null;
  throw error;
}

/** The same page of this server, whatever stood before it. */
function withoutToken(target: string): string {
  // What has two slashes and no host after them is no URL.
  const { pathname, searchParams } = URL.parse(target, 'http://server') ?? new URL('http://server');
  searchParams.delete('token');
  const query = searchParams.toString();
  // Two slashes at the beginning would name another server.
  return `/${pathname.replace(/^[/\\]+/, '')}${query && `?${query}`}`;
}

/** POST /login {"token": …}: an API key or a JWT for a cookie. POST /logout forgets it. */
export function loginRoutes({ authenticator, origin }: Access): Router {
  const router = Router();
  const ownPages: RequestHandler = (request, response, next) => (origin.isForeign(request) ? sendForeign(response) : next());

  router.post('/login', ownPages, limitBody(maxLoginBytes), json({ limit: maxLoginBytes }), async (request, response) => {
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
