import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { CookieOptions } from 'express';
import type { RequestOrigin } from './RequestOrigin.ts';

/** A browser takes a cookie with this prefix over HTTPS only, for this host only, from nobody else. */
const secureCookie = '__Host-outrider_token';
const plainCookie = 'outrider_token';

/** Bytes that browsers keep of a cookie, its name and value. */
export const longestCookie = 4_000;

export interface Credentials {
  token: string | null;
  /** a cookie came from a page that may not use it; the token is null then */
  isForeign: boolean;
}

/** What a request shows: the token of `Authorization: Bearer …`, else of the cookie, which only our own pages may use. */
export function credentialsOf(request: IncomingMessage, origin: RequestOrigin): Credentials {
  const { headers } = request;
  if (headers.authorization !== undefined) return { token: bearer(headers.authorization), isForeign: false };
  if (headers.cookie === undefined) return { token: null, isForeign: false };
  const value = cookieOf(headers, cookieNameOf(origin.isSecure(request)));
  if (!value) return { token: null, isForeign: false };
  return origin.isForeign(request) ? { token: null, isForeign: true } : { token: decoded(value), isForeign: false };
}

export const cookieNameOf = (isSecure: boolean): string => (isSecure ? secureCookie : plainCookie);

/** No script reads it, no page of another site sends it. */
export const cookieOptions = (isSecure: boolean): CookieOptions => ({ httpOnly: true, sameSite: 'strict', secure: isSecure, path: '/' });

/** The value of a cookie as it was sent; none where there are several: a neighbour of this host may have set one of them. */
export function cookieOf({ cookie }: IncomingHttpHeaders, wanted: string): string | undefined {
  const values = new Set<string>();
  for (const part of cookie?.split(';') ?? []) {
    const [name, value] = part.trim().split(/=(.*)/, 2);
    if (name === wanted && value) values.add(value);
  }
  return values.size === 1 ? [...values][0] : undefined;
}

function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}

/** The token in `Bearer …`; null for anything else. */
export function bearer(header: unknown): string | null {
  return typeof header === 'string' ? (/^Bearer (\S+)$/i.exec(header)?.[1] ?? null) : null;
}
