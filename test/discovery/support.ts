import type dns from 'node:dns';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LocalSite {
  /** such as http://127.0.0.1:34567 */
  origin: string;
  /** host:port, as it is allowed by */
  host: string;
  port: number;
  /** what was asked, in order */
  requests: { path: string; headers: IncomingMessage['headers'] }[];
  close(): Promise<void>;
}

/** A web server on a free port of this machine; each of 127.0.0.1, 127.0.0.2, … is a host of its own. */
export async function serveSite(listener: RequestListener, address = '127.0.0.1'): Promise<LocalSite> {
  const requests: LocalSite['requests'] = [];
  const server: Server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers });
    listener(request, response);
  });
  server.listen(0, address);
  await once(server, 'listening');
  // One that a module opens for all its users is closed by none of them.
  server.unref();
  const { port } = server.address() as AddressInfo;
  const host = `${address}:${port}`;
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { origin: `http://${host}`, host, port, requests, close };
}

/** Resolves names from a table and nothing else; of several answers the next one each time, the last one for good. */
export function lookupOf(table: { [host: string]: string | readonly (string | readonly string[])[] }): typeof dns.lookup & { asked: string[] } {
  const asked: string[] = [];
  const lookup = (host: string, options: dns.LookupOptions, callback: (...args: unknown[]) => void) => {
    const answers = [table[host] ?? []].flat(1) as (string | string[])[];
    const answer = answers[Math.min(asked.filter((name) => name === host).length, answers.length - 1)];
    asked.push(host);
    const addresses = [answer ?? []].flat().map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    if (addresses.length === 0) callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' }));
    else if (options.all) callback(null, addresses);
    else callback(null, addresses[0]!.address, addresses[0]!.family);
  };
  return Object.assign(lookup as unknown as typeof dns.lookup, { asked });
}
