import type { FetchedHeaders } from './fetch.ts';

/** What GitHub asks for where its limit for bursts names no time. */
const unnamedWaitMs = 60_000;

interface Refusal {
  status: number;
  headers: FetchedHeaders;
  /** what it says with it */
  body?: string | undefined;
}

/** Milliseconds until the server wants the next request, after it refused one for its rate; null when it does not say, or that was not why. */
export function retryAfter({ status, headers, body = '' }: Refusal, now = Date.now()): number | null {
  const asked = headers['retry-after'];
  if (asked !== undefined && [403, 429, 503].includes(status)) return waitOf(asked, now);
  if (status !== 403 && status !== 429) return null;
  return untilReset(headers, now) ?? (/secondary rate limit|abuse detection/i.test(body) ? unnamedWaitMs : null);
}

/** Milliseconds until the window begins in which there are requests again; null while there are some left. */
export function untilReset(headers: FetchedHeaders, now = Date.now()): number | null {
  const remaining = headers['ratelimit-remaining'] ?? headers['x-ratelimit-remaining'];
  const reset = headers['ratelimit-reset'] ?? headers['x-ratelimit-reset'];
  return remaining?.trim() === '0' && reset !== undefined ? waitOf(reset, now) : null;
}

/** Seconds from now, seconds since 1970, or a date; what is none of these is not waited for. */
function waitOf(text: string, now: number): number | null {
  const number = /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : null;
  const at = number === null ? Date.parse(text) : number > 1e9 ? number * 1000 : now + number * 1000;
  return Number.isFinite(at) ? Math.max(0, at - now) : null;
}
