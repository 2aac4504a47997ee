import { domainToASCII } from 'node:url';
import { sql, type RawBuilder } from 'kysely';
import { getPublicSuffix } from 'tldts';
import { keyOfUrl } from '../../domain/canonicalKey.ts';
import { EmailAddressError, normalizeEmailAddress } from '../../domain/emailAddress.ts';
import { SuppressionKind, type Platform } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { profileUrlOfHandle } from '../../domain/handle.ts';
import { UrlError } from '../../domain/url.ts';

/** Somebody as a person names them: `email`, `domain`, or `handle` with its platform; exactly one of them. */
export interface NamedAddressee {
  email?: string | null;
  /** with everything below it: example.org is also a@mail.example.org */
  domain?: string | null;
  handle?: string | null;
  platform?: Platform | null;
}

/** A normalised value that can be suppressed. */
export interface SuppressedValue {
  kind: SuppressionKind;
  value: string;
}

/** @throws {UserErrors} INVALID */
export function readAddressee({ email, domain, handle, platform }: NamedAddressee): SuppressedValue {
  if ([email, domain, handle].filter((value) => value != null).length !== 1) {
    throw invalid('Give exactly one of email, domain, prospectId and handle.');
  }
  if (email != null) return { kind: SuppressionKind.EMAIL, value: readEmail(email) };
  if (domain != null) return { kind: SuppressionKind.DOMAIN, value: readDomain(domain) };
  return { kind: SuppressionKind.HANDLE, value: readHandle(handle!, platform) };
}

/** The prospects, over `prospects`, that these values name. */
export function prospectsOf(values: readonly SuppressedValue[]): RawBuilder<unknown> {
  const of = (wanted: SuppressionKind) => values.flatMap(({ kind, value }) => (kind === wanted ? [value] : []));
  const conditions: RawBuilder<unknown>[] = [];
  const emails = of(SuppressionKind.EMAIL);
  if (emails.length > 0) conditions.push(sql`email = any(${emails}::text[])`);
  const keys = of(SuppressionKind.HANDLE);
  if (keys.length > 0) {
    conditions.push(sql`canonical_key = any(${keys}::text[])`, sql`id in (select prospect_id from social_profiles where canonical_key = any(${keys}::text[]))`);
  }
  for (const domain of of(SuppressionKind.DOMAIN)) {
    conditions.push(sql`email like ${`%@${domain}`}`, sql`email like ${`%.${domain}`}`);
    conditions.push(sql`source_platform = 'website' and (${ownHost} = ${domain} or ${ownHost} like ${`%.${domain}`})`);
  }
  return conditions.length > 0 ? sql.join(conditions, sql` or `) : sql`false`;
}

/** Of a website's canonical key: its host, without www and port. */
export const ownHost = sql<string>`substring(canonical_key from '^[^/?:]+')`;

function readEmail(text: string): string {
  try {
    return normalizeEmailAddress(text);
  } catch (error) {
    if (!(error instanceof EmailAddressError)) throw error;
    throw invalid(`${JSON.stringify(text)} ${error.message}.`, 'email');
  }
}

function readDomain(text: string): string {
  const domain = domainToASCII(text.trim().replace(/^@/, '').replace(/\.$/, ''));
  if (!/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,}$/.test(domain)) {
    throw invalid(`${JSON.stringify(text)} is not a domain such as example.org.`, 'domain');
  }
  if (getPublicSuffix(domain, { allowPrivateDomains: false }) === domain) {
    throw invalid(`${domain} is not somebody's domain: everything under it would be suppressed.`, 'domain');
  }
  return domain;
}

function readHandle(handle: string, platform: Platform | null | undefined): string {
  if (platform == null) throw invalid('Say which platform the handle is of.', 'platform');
  try {
    const url = profileUrlOfHandle(platform, handle);
    if (url) return keyOfUrl(url, platform);
  } catch (error) {
    if (!(error instanceof UrlError)) throw error;
    throw invalid(`${JSON.stringify(handle)} ${error.message}.`, 'handle');
  }
  throw invalid(`${platform.toUpperCase()} has no handles; suppress the domain, the e-mail address or the prospect.`, 'platform');
}

export function invalid(message: string, ...field: string[]): UserErrors {
  return new UserErrors({ code: UserErrorCode.INVALID, message, field: ['input', ...field] });
}
