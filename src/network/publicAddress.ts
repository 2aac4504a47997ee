import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Names that stand for something inside a network, whatever they resolve to. */
const insideNames = /(^|\.)(localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa)$/;

/** Azure's metadata service, on an address that is public by its range. */
const metadataAddress = '168.63.129.16';

/** The only part of IPv6 that is routed on the internet: all kinds of embedded and local addresses lie outside of it, or in a range of their own. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether an address is one of the public internet: not private, loopback, link-local, CGNAT, multicast, reserved, nor a way to embed such a one. */
export function isPublicAddress(address: string): boolean {
  // An address in full, and no link of this machine that it would be reached by.
  if (!isIP(address) || address.includes('%')) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv6 ? parsed.match(globalUnicast) : parsed.toString() !== metadataAddress;
}

/** Whether the operator lets this one in: its host, or its host with its port. */
export function isAllowed(url: URL, allowedHosts: readonly string[]): boolean {
  return allowedHosts.includes(url.hostname) || allowedHosts.includes(`${url.hostname}:${portOf(url)}`);
}

/** What may be connected to. */
export interface Reach {
  /** "host" or "host:port" that the operator lets in although it is not public */
  allowedHosts: readonly string[];
  /** of public hosts; a host that is allowed has all of its ports, unless it is named with one */
  ports: 'web' | 'unprivileged';
}

/**
 * Why a URL is not connected to, as far as its text tells, or null. Decimal, octal and hexadecimal forms of addresses, and
 * digits of other scripts, are plain ones here: parsing a URL makes them so.
 */
export function refusalOf(url: URL, { allowedHosts, ports }: Reach): string | null {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return `${url.protocol} is neither http nor https`;
  if (url.username || url.password) return 'it contains a user name or password';
  if (isAllowed(url, allowedHosts)) return null;
  const isWeb = url.port === '' || url.port === '80' || url.port === '443';
  if (!isWeb && ports === 'web') return `port ${url.port} is neither 80 nor 443`;
  if (!isWeb && Number(url.port) < 1024) return `port ${url.port} belongs to another service than a web server`;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  if (isIP(host)) return isPublicAddress(host) ? null : `${host} is not a public address`;
  return !host.includes('.') || insideNames.test(host) ? `${host} is not a public host` : null;
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' ? '443' : '80');
}
