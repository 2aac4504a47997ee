import type dns from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { requestPublic } from '../../network/requestPublic.ts';
import { explain } from './explain.ts';
import type { FetchedHeaders } from './fetch.ts';
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

/** One GET and its answer. @throws {FetchError}; what the signal gives when it aborts */
export async function exchange(url: URL, options: ExchangeOptions): Promise<Answer> {
  const { headers, allowedHosts, lookup, signal } = options;
  const response = await requestPublic(url, { headers, allowedHosts, ports: 'web', lookup, signal }).catch((error: NodeJS.ErrnoException) => {
    throw explain(error, url, signal);
  });
  try {
    return { status: response.statusCode ?? 0, headers: joined(response), body: await readBody(response, url, options) };
  } finally {
    response.destroy();
  }
}

function joined({ headersDistinct }: IncomingMessage): FetchedHeaders {
  return Object.fromEntries(Object.entries(headersDistinct).map(([name, values]) => [name, values?.join(', ')]));
}
