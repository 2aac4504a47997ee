import { createHmac } from 'node:crypto';
import { getDomain } from 'tldts';
import type { SuppressionKind } from './enums.ts';
import { UserErrorCode, UserErrors } from './errors.ts';

/**
 * What is kept of a suppressed value: HMAC-SHA256 in hex, one for each key, the first key's first. The first is written;
 * any of them matches, so that keys can be rotated.
 *
 * @param value normalised: an e-mail address, a domain in punycode, or the canonical key of a profile's URL
 * @throws {UserErrors} NOT_CONFIGURED without a key
 */
export function suppressionHashes(secretKeys: readonly string[], kind: SuppressionKind, value: string): string[] {
  if (secretKeys.length === 0) throw secretKeyMissing();
  return secretKeys.map((key) => createHmac('sha256', key).update(`suppression ${kind} ${value}`).digest('hex'));
}

export function secretKeyMissing(): UserErrors {
  return new UserErrors({
    code: UserErrorCode.NOT_CONFIGURED,
    message: 'Set SECRET_KEY to a long random text: it keys the hashes of suppressions and signs unsubscribe links.',
  });
}

/**
 * The domains by which a host can be suppressed: itself and its parents down to the domain that somebody registered
 * (`a.b.example.co.uk` → a.b.example.co.uk, b.example.co.uk, example.co.uk). Of a host below no public suffix only itself.
 */
export function domainsOf(host: string): string[] {
  const registered = getDomain(host, { allowPrivateDomains: false }) ?? host;
  const domains = [host];
  for (let domain = host; domain.length > registered.length; ) {
    domain = domain.slice(domain.indexOf('.') + 1);
    domains.push(domain);
  }
  return domains;
}
