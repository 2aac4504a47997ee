import dns from 'node:dns';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { isAllowed, isPublicAddress, type Reach, refusalOf } from './publicAddress.ts';

/** The message is the rest of a sentence about what was to be done with the URL: why it is not. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
}

/** The server answered, and in no protocol that was asked for. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

export interface PublicRequest extends Reach {
  headers: Readonly<Record<string, string>>;
  /** makes it a POST */
  body?: string;
  /** resolves names; the system's unless told */
  lookup?: typeof dns.lookup;
  /** ends the request, and the answer too */
  signal: AbortSignal;
}

/**
 * One request to an address of the public internet, and the head of its answer; redirects are the caller's to follow. The
 * connection goes to the very address that was checked: there is no second resolution between checking and connecting, and
 * none is shared with another request. Whoever calls reads or destroys the answer.
 * @throws {AddressRefusedError}, before anything is sent anywhere; {ProtocolError}; what the socket says
 */
export async function requestPublic(url: URL, { headers, body, allowedHosts, ports, lookup = dns.lookup, signal }: PublicRequest): Promise<IncomingMessage> {
  const refusal = refusalOf(url, { allowedHosts, ports });
  if (refusal) throw new AddressRefusedError(refusal);
  const guarded = isAllowed(url, allowedHosts) ? lookup : onlyPublic(lookup);
  const method = body === undefined ? 'GET' : 'POST';
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, { method, headers, signal, lookup: guarded as LookupFunction, agent: false });
    request.once('response', resolve);
    // Without a listener a switch of protocols would end in silence, and nobody would be told.
    request.once('upgrade', (_, socket) => {
      socket.destroy();
      reject(new ProtocolError(`${url.host} answers in another protocol than HTTP.`));
    });
    // Also after the answer began: then it is the body that reports it.
    request.on('error', reject);
    request.end(body);
  });
}

/** Resolves a name to those of its addresses that are public; to an error when there is none. */
function onlyPublic(lookup: typeof dns.lookup): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const open = addresses.filter(({ address }) => isPublicAddress(address));
      const [first] = open;
      if (!first) {
        return callback(new AddressRefusedError(`it resolves to ${addresses.map(({ address }) => address).join(', ') || 'nothing'}, which is not public`), []);
      }
      return options.all ? callback(null, open) : callback(null, first.address, first.family);
    });
  };
}
