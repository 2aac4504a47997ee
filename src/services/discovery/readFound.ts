import type { DiscoveredProspect } from '../../discovery/adapter.ts';
import { keyOfUrl } from '../../domain/canonicalKey.ts';
import { EmailAddressError, normalizeEmailAddress } from '../../domain/emailAddress.ts';
import { SourceType } from '../../domain/enums.ts';
import { parseUrl, UrlError } from '../../domain/url.ts';
import type { Field } from '../import/fields.ts';
import { type ImportedProspect, readRow } from '../import/row.ts';

/** What was found, under the rules of an imported row. */
export interface FoundRow {
  row: ImportedProspect;
  /** its profiles, each as a row of its own that says no more of it than its address */
  profiles: ImportedProspect[];
}

const longest = { name: 500, bio: 10_000, tag: 100, tags: 50, links: 100 };
const greatest = 2_147_483_647;

/** @throws {RowError} when its address identifies nobody */
export function readFound(found: DiscoveredProspect, scrapedAt: Date): FoundRow {
  const values: Partial<Record<Field, unknown>> = {
    sourceType: found.sourceType,
    sourcePlatform: found.sourcePlatform,
    profileUrl: found.profileUrl,
    username: found.username,
    displayName: clean(found.displayName, longest.name) || clean(found.username ?? found.profileUrl, longest.name),
    email: emailOrNothing(found.email),
    bioText: found.bioText && clean(found.bioText, longest.bio),
    followerCount: found.followerCount === null ? null : Math.min(Math.max(Math.trunc(found.followerCount), 0), greatest),
    engagementRate: found.engagementRate,
    externalLinks: found.externalLinks.slice(0, longest.links).map((link) => clean(link, 2_048)),
    tags: found.tags.slice(0, longest.tags).map((tag) => clean(tag, longest.tag)),
    scrapedAt: scrapedAt.toISOString(),
  };
  const read = readRow({ value: (field) => values[field], values: (field) => [values[field]].filter((value) => value != null), column: (field) => field });
  const row = { ...read, emailBlocked: read.email !== null && found.emailBlocked };
  const others = found.profiles.flatMap((profile) => profileRow(row, profile));
  return { row, profiles: row.profile ? [row, ...others] : others };
}

function profileRow(row: ImportedProspect, { platform, username, profileUrl }: DiscoveredProspect['profiles'][number]): ImportedProspect[] {
  try {
    const url = parseUrl(profileUrl);
    const profile = { key: keyOfUrl(url, platform), platform, username: clean(username, longest.name).replace(/^@/, ''), profileUrl: url.href };
    return [{ ...row, sourceType: SourceType.SOCIAL, bioText: null, followerCount: null, engagementRate: null, externalLinks: [], profile }];
  } catch (error) {
    // What is no address of a profile is none of its profiles.
    if (error instanceof UrlError) return [];
    throw error;
  }
}

/** What PostgreSQL can keep of a text, cut without a half character at its end. */
function clean(text: string, length: number): string {
  const whole = text.toWellFormed().replaceAll('\0', '').trim();
  return whole.length <= length ? whole : `${whole.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function emailOrNothing(text: string | null): string | null {
  try {
    return text && normalizeEmailAddress(text);
  } catch (error) {
    if (error instanceof EmailAddressError) return null;
    throw error;
  }
}
