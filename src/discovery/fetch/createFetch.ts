import dns from 'node:dns';
import { setTimeout as sleep } from 'node:timers/promises';
import { maxUrlLength } from '../../domain/url.ts';
import { type Answer, exchange } from './exchange.ts';
import { type Fetch, type Fetched, FetchError, type FetchOptions } from './fetch.ts';
import { retryAfter, untilReset } from './rateLimit.ts';

/** One request, with all its redirects, as scraper_history keeps it. */
export interface RequestRecord {
  url: string;
  /** of the answer; null when there was none */
  status: number | null;
  error: string | null;
  finishedAt: Date;
}

export interface FetchLimits {
  /** for one request with its redirects, to the last byte; without what is waited for before a redirect is followed */
  timeoutMs: number;
  attempts: number;
  /** before the second attempt; doubles with each, with jitter */
  backoffMs: number;
  /** for a rate limit; what asks for more has failed */
  longestWaitMs: number;
}

export interface FetchSettings {
  /** who asks, with a way to reach them */
  userAgent: string;
  allowedHosts: readonly string[];
  /** ends requests and waits at once, with its own reason */
  signal: AbortSignal;
  onRequest?(request: RequestRecord): void;
  limits?: Partial<FetchLimits>;
  /** resolves names; the system's unless told */
  lookup?: typeof dns.lookup;
}

const usual: FetchLimits = { timeoutMs: 20_000, attempts: 4, backoffMs: 500, longestWaitMs: 60_000 };
const maximumBytes = 2_000_000;
const maximumRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * A fetch for documents of the public internet: http(s), addresses checked where they are connected to, on every
 * redirect; bounded in size, time and attempts; patient with rate limits. It keeps no cookies.
 */
export function createFetch({ userAgent, allowedHosts, signal, onRequest = () => {}, limits, lookup = dns.lookup }: FetchSettings): Fetch {
  const { timeoutMs, attempts, backoffMs, longestWaitMs } = { ...usual, ...limits };
  /** origin → when its rate limit ends */
  const notBefore = new Map<string, number>();

  const pause = async (ms: number, url: URL, because: FetchError | null) => {
    if (ms > longestWaitMs) {
      const message = `${url.host} limits how often it is asked: try again in ${Math.ceil(ms / 60_000)} minutes.`;
      throw new FetchError('RATE_LIMITED', message, { url: url.href, status: because?.status });
    }
    await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  };

  const attempt = async (start: URL, options: FetchOptions): Promise<Fetched> => {
    const record = (status: number | null, error: string | null) => onRequest({ url: start.href, status, error, finishedAt: new Date() });
    try {
      const { url, answer } = await follow(start, options);
      notBefore.set(url.origin, performance.now() + (untilReset(answer.headers) ?? 0));
      const failure = isFine(answer.status, options) ? null : statusError(url, answer);
      record(answer.status, failure && failure.message);
      if (failure) throw failure;
      return fetched(url, answer);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof FetchError && error.status !== undefined) throw error;
      record(null, error instanceof Error ? error.message : String(error));
      throw error;
    }
  };

  const follow = async (start: URL, options: FetchOptions): Promise<{ url: URL; answer: Answer }> => {
    const bounds = { maximumBytes: Math.min(options.maximumBytes ?? maximumBytes, maximumBytes), truncate: options.truncate ?? false };
    let url = start;
    let leftMs = timeoutMs;
    for (let hops = 0; ; hops += 1) {
      const headers = headersFor(url, start, userAgent, options.headers);
      const before = performance.now();
      const timeout = AbortSignal.timeout(Math.ceil(leftMs));
      const answer = await exchange(url, { ...bounds, headers, allowedHosts, lookup, signal: AbortSignal.any([signal, timeout]) }).catch((error: unknown) => {
        throw timeout.aborted ? new FetchError('TIMED_OUT', `${start.host} took longer than ${timeoutMs / 1000} s.`, { url: start.href }) : error;
      });
      leftMs = Math.max(0, leftMs - (performance.now() - before));
      const location = redirects.has(answer.status) ? answer.headers['location'] : undefined;
      if (location === undefined) return { url, answer };
      if (hops === maximumRedirects) {
        throw new FetchError('TOO_MANY_REDIRECTS', `${start.href} leads on more than ${maximumRedirects} times.`, { url: start.href });
      }
      const next = URL.parse(location, url.href);
      if (!next) throw new FetchError('BAD_RESPONSE', `${url.href} leads to no URL.`, { url: start.href });
      next.hash = '';
      if (next.href.length > maxUrlLength) throw new FetchError('BAD_RESPONSE', `${url.href} leads to a URL of more than ${maxUrlLength.toLocaleString('en')} characters.`, { url: start.href });
      await options.beforeRedirect?.(next);
      url = next;
    }
  };

  return async (given, options = {}) => {
    const url = new URL(given);
    for (let number = 1; ; number += 1) {
      signal.throwIfAborted();
      const limited = (notBefore.get(url.origin) ?? 0) - performance.now();
      if (limited > 0) await pause(limited, url, null);
      try {
        return await attempt(url, options);
      } catch (error) {
        if (!(error instanceof FetchError) || !mayPass(error) || number >= attempts) throw error;
        const backoff = backoffMs * 2 ** (number - 1) * (0.5 + Math.random() / 2);
        const asked = error.status === undefined ? null : retryAfter({ status: error.status, headers: error.headers, body: error.body });
        await pause(Math.max(backoff, asked ?? 0), url, error);
      }
    }
  };
}

/** A redirect to another origin gets nothing that was meant for the first one. */
function headersFor(url: URL, start: URL, userAgent: string, given: FetchOptions['headers'] = {}): Record<string, string> {
  const own = Object.entries(given).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  const kept = url.origin === start.origin ? own : own.filter(([name]) => name === 'accept' || name === 'accept-language');
  return { accept: '*/*', ...Object.fromEntries(kept), 'accept-encoding': 'gzip, br', 'user-agent': userAgent };
}

function isFine(status: number, { accept }: FetchOptions): boolean {
  return (status >= 200 && status < 300) || accept?.(status) === true;
}

function mayPass({ code, status, headers, body }: FetchError): boolean {
  if (status !== undefined) return passing.has(status) || retryAfter({ status, headers, body }) !== null;
  return code === 'CONNECTION_FAILED' || code === 'TIMED_OUT' || code === 'BAD_RESPONSE';
}

function statusError(url: URL, { status, headers, body: bytes }: Answer): FetchError {
  const body = bytes.toString('utf8', 0, 2_000);
  const limited = status === 429 || retryAfter({ status, headers, body }) !== null;
  const message = limited ? `${url.host} limits how often it is asked (${status}).` : `${url.href} answers ${status}.`;
  return new FetchError(limited ? 'RATE_LIMITED' : 'HTTP_STATUS', message, { url: url.href, status, headers, body });
}

function fetched(url: URL, { status, headers, body }: Answer): Fetched {
  const text = () => body.toString('utf8').replace(/^\uFEFF/, '');
  return {
    url, status, headers, body, text,
    json() {
      try {
        return JSON.parse(text()) as unknown;
      } catch (error) {
        throw new FetchError('NOT_JSON', `${url.href} does not answer with JSON.`, { url: url.href, status, headers, cause: error });
      }
    },
  };
}
