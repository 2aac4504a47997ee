import type { Request, RequestHandler, Response } from 'express';
import { OutriderError } from '../domain/errors.ts';
import type { Authenticator } from './authenticate.ts';
import { credentialsOf } from './credentials.ts';
import { sendError, sendFailure } from './errors.ts';
import type { Identity } from './identity.ts';
import type { RequestOrigin } from './RequestOrigin.ts';

/** Who asks, and by which rules that is found out. */
export interface Access {
  authenticator: Authenticator;
  origin: RequestOrigin;
}

/** Puts who asks into `locals.actor`; answers 401 for nobody, 403 for a page of another origin, 429 and 503. */
export function requireActor(access: Access): RequestHandler {
  return async (request, response, next) => {
    const identity = await identified(access, request, response, 'Send a valid token: Authorization: Bearer TOKEN, or the cookie that the printed URL sets.');
    if (!identity) return;
    response.locals['actor'] = identity.actor;
    next();
  };
}

/** Who asks; null after it was answered that nobody does. */
export async function identified({ authenticator, origin }: Access, request: Request, response: Response, what: string): Promise<Identity | null> {
  const { token, isForeign } = credentialsOf(request, origin);
  if (isForeign) {
    sendForeign(response);
    return null;
  }
  return identifiedBy(authenticator.identify(token, () => origin.addressOf(request)), response, what);
}

/** The same for a token that did not come as credentials. */
export async function identifiedBy(asked: Promise<Identity | null>, response: Response, what: string): Promise<Identity | null> {
  try {
    const identity = await asked;
    if (!identity) sendError(response, 'UNAUTHENTICATED', what);
    return identity;
  } catch (error) {
    if (!(error instanceof OutriderError)) throw error;
    sendFailure(response, error);
    return null;
  }
}

export function sendForeign(response: Response): void {
  sendError(response, 'FORBIDDEN', 'A page of another origin may not use the cookie: send a token of its own, Authorization: Bearer TOKEN.', 403);
}
