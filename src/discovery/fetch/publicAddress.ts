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
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv6 ? parsed.match(globalUnicast) : parsed.toString() !== metadataAddress;
}

/** Whether the operator lets this one in: its host, or its host with its port. */
export function isAllowed(url: URL, allowedHosts: readonly string[]): boolean {
  return allowedHosts.includes(url.hostname) || allowedHosts.includes(`${url.hostname}:${portOf(url)}`);
}

/**
 * Why a URL is not fetched from, as far as its text tells, or null. Decimal, octal and hexadecimal forms of addresses
 * are plain ones here: parsing a URL makes them so.
 */
export function refusalOf(url: URL, allowedHosts: readonly string[]): string | null {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return `${url.protocol} is neither http nor https`;
  if (url.username || url.password) return 'it contains a user name or password';
  if (isAllowed(url, allowedHosts)) return null;
  if (url.port !== '' && url.port !== '80' && url.port !== '443') return `port ${url.port} is neither 80 nor 443`;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  if (isIP(host)) return isPublicAddress(host) ? null : `${host} is not a public address`;
  return !host.includes('.') || insideNames.test(host) ? `${host} is not a public host` : null;
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' ? '443' : '80');
}
