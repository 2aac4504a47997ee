import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import proxyAddr from 'proxy-addr';
import type { TrustProxy } from '../config/trustProxy.ts';

type Asked = Pick<IncomingMessage, 'headers' | 'socket'>;

/** The address of who asks, as text of one form: that of the connection, or what proxies that are trusted say of it. */
export function clientAddress(request: Asked, trusts: TrustProxy): string {
  const told = proxyAddr(request as IncomingMessage, trusts) ?? '';
  const address = isIP(told) ? told : request.socket.remoteAddress ?? '';
  return isIP(address) ? ipaddr.process(address).toString() : 'unknown';
}

/** What one caller can choose from: an IPv4 address, or the /64 that an IPv6 address is in. */
export function networkOf(address: string): string {
  return isIP(address) === 6 ? ipaddr.IPv6.networkAddressFromCIDR(`${address.replace(/%.*/, '')}/64`).toString() : address;
}

/** Of this machine itself. */
export const isLoopback = (address: string): boolean => isIP(address) !== 0 && ipaddr.process(address).range() === 'loopback';

/** Whether the client speaks HTTPS, with a proxy that is trusted. */
export function isSecure(request: Asked, trusts: TrustProxy): boolean {
  return forwarded(request, trusts, 'x-forwarded-proto')?.toLowerCase() === 'https';
}

/** The host and port that the client has asked. */
export function hostOf(request: Asked, trusts: TrustProxy): string | undefined {
  return forwarded(request, trusts, 'x-forwarded-host') ?? request.headers.host;
}

function forwarded({ headers, socket }: Asked, trusts: TrustProxy, name: string): string | undefined {
  const value = headers[name];
  if (typeof value !== 'string' || !trusts(socket.remoteAddress ?? '', 0)) return undefined;
  return value.split(',', 1)[0]!.trim() || undefined;
}
