import dns from 'node:dns';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { explain } from './explain.ts';
import { FetchError, type FetchedHeaders } from './fetch.ts';
import { isAllowed, isPublicAddress, refusalOf } from './publicAddress.ts';
import { readBody } from './readBody.ts';

export interface ExchangeOptions {
  headers: Readonly<Record<string, string>>;
  maximumBytes: number;
  truncate: boolean;
  allowedHosts: readonly string[];
  /** resolves names; the system's unless told */
  lookup: typeof dns.lookup;
  signal: AbortSignal;
}

export interface Answer {
  status: number;
  headers: FetchedHeaders;
  body: Buffer;
}

/**
 * One GET and its answer. The connection goes to the very address that was checked: there is no second resolution
 * between checking and connecting, and none is shared with another request.
 * @throws {FetchError}; what the signal gives when it aborts
 */
export async function exchange(url: URL, options: ExchangeOptions): Promise<Answer> {
  const refusal = refusalOf(url, options.allowedHosts);
  if (refusal) throw new FetchError('ADDRESS_REFUSED', `${url.origin} is not fetched from: ${refusal}.`, { url: url.href });
  const response = await send(url, options);
  const headers = joined(response);
  try {
    return { status: response.statusCode ?? 0, headers, body: await readBody(response, url, options) };
  } finally {
    response.destroy();
  }
}

function send(url: URL, { headers, allowedHosts, lookup, signal }: ExchangeOptions): Promise<IncomingMessage> {
  const guarded = isAllowed(url, allowedHosts) ? lookup : onlyPublic(lookup, url);
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).get(url, { headers, signal, lookup: guarded as LookupFunction, agent: false });
    request.once('response', resolve);
    // Without a listener a switch of protocols would end in silence, and nobody would be told.
    request.once('upgrade', (_, socket) => {
      socket.destroy();
      reject(new FetchError('BAD_RESPONSE', `${url.host} answers in another protocol than HTTP.`, { url: url.href }));
    });
    // Also after the answer began: then it is the body that reports it.
    request.on('error', (error: NodeJS.ErrnoException) => reject(explain(error, url, signal)));
  });
}

/** Resolves a name to those of its addresses that are public; to an error when there is none. */
function onlyPublic(lookup: typeof dns.lookup, url: URL): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const open = addresses.filter(({ address }) => isPublicAddress(address));
      const [first] = open;
      if (!first) {
        const message = `${host} is not fetched from: it resolves to ${addresses.map(({ address }) => address).join(', ') || 'nothing'}, which is not public.`;
        return callback(new FetchError('ADDRESS_REFUSED', message, { url: url.href }), []);
      }
      return options.all ? callback(null, open) : callback(null, first.address, first.family);
    });
  };
}

function joined({ headersDistinct }: IncomingMessage): FetchedHeaders {
  return Object.fromEntries(Object.entries(headersDistinct).map(([name, values]) => [name, values?.join(', ')]));
}
