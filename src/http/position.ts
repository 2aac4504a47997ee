import type { Request, Response } from 'express';
import { cookieOf } from './credentials.ts';

/**
 * How new the reads of a client have to be: the header that every client may send back, and the cookie that browsers send
 * by themselves. Digits, and nothing that a client should understand.
 */
export const positionHeader = 'outrider-position';
const positionCookie = 'outrider_position';

/** What the client was told last; undefined when it says nothing that can be read. */
export function positionOf({ headers }: Pick<Request, 'headers'>): number | undefined {
  const given = [headers[positionHeader], cookieOf(headers, positionCookie)].filter((text): text is string => typeof text === 'string' && /^\d{1,15}$/.test(text));
  return given.length > 0 ? Math.max(...given.map(Number)) : undefined;
}

/** Tells the client; `keepMs` is how long it matters. */
export function answerPosition(request: Request, response: Response, position: number, keepMs: number): void {
  response.set(positionHeader, String(position));
  response.cookie(positionCookie, String(position), { httpOnly: true, sameSite: 'strict', secure: request.secure, path: '/', maxAge: keepMs });
}
