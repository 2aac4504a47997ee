import { Platform, SourceType } from '../../domain/enums.ts';
import { keyOfUrl, platformOf } from '../../domain/canonicalKey.ts';
import { normalizeEmailAddress } from '../../domain/emailAddress.ts';
import { handleOfProfileUrl, profileUrlOfHandle } from '../../domain/handle.ts';
import { isDay, isInstant } from '../../domain/instant.ts';
import { parseUrl, UrlError } from '../../domain/url.ts';
import { type Cells, RowError, RowReader } from './RowReader.ts';

/** What a row says of a prospect; null and empty: it does not say. */
export interface ImportedProspect {
  key: string;
  sourceType: SourceType | null;
  sourcePlatform: Platform | null;
  profileUrl: string | null;
  username: string | null;
  displayName: string;
  email: string | null;
  /** cold mail to it is forbidden; never so for what users bring themselves */
  emailBlocked: boolean;
  bioText: string | null;
  followerCount: number | null;
  engagementRate: number | null;
  scrapedAt: string | null;
  externalLinks: string[];
  tags: string[];
  profile: { key: string; platform: Platform; username: string; profileUrl: string } | null;
}

const longest = { displayName: 500, username: 500, bioText: 50_000, tag: 100, tags: 200, externalLinks: 200 };
const platformNames: ReadonlyMap<string, Platform> = new Map([
  ...Object.values(Platform).map((platform): [string, Platform] => [platform, platform]),
  ['twitter', Platform.X],
  ['fb', Platform.FACEBOOK],
  ['ig', Platform.INSTAGRAM],
  ['blog', Platform.WEBSITE],
  ['web', Platform.WEBSITE],
]);

/** What the tools that look addresses up say of one that does not exist. */
const unusable = /^(bounced?|invalid|undeliverable|unavailable|do not (e-?)?mail)\b/i;

/**
 * Checks and normalises one row.
 * @throws {RowError}
 */
export function readRow(cells: Cells): ImportedProspect {
  const row = new RowReader(cells);
  const { key, profileUrl, email, handle, platform, sourcePlatform } = identify(row, cells.platform ?? null);
  const sourceType = row.parse('sourceType', sourceTypeOf);
  const social = isSocial(sourceType, platform);
  const username = handle ?? (social && profileUrl ? handleOfProfileUrl(platform, profileUrl) : null);
  const displayName =
    row.text('displayName', longest.displayName) ??
    row.joined(['firstName', 'lastName'], ' ', longest.displayName) ??
    row.text('organisation', longest.displayName) ??
    username;
  if (displayName === null) throw new RowError('REQUIRED', 'The row has no display name.', row.columnOf('displayName'), '');
  return {
    key,
    sourceType,
    sourcePlatform,
    profileUrl: profileUrl?.href ?? null,
    username,
    displayName,
    email,
    emailBlocked: false,
    bioText: row.text('bioText', longest.bioText) ?? row.joined(['jobTitle', 'organisation'], ', ', longest.bioText),
    followerCount: row.parse('followerCount', wholeNumber),
    engagementRate: row.parse('engagementRate', percentage),
    scrapedAt: row.parse('scrapedAt', instant),
    externalLinks: [...new Set([...row.list('externalLinks', /[,;]?\s+/, longest.externalLinks, linkOrNothing), ...sparesOf(cells, profileUrl)])],
    tags: row.list('tags', /[,;]/, longest.tags, shortTag),
    profile: username && social ? profileOf(platform, username, profileUrl) : null,
  };
}

interface Identity {
  key: string;
  profileUrl: URL | null;
  email: string | null;
  handle: string | null;
  platform: Platform;
  /** null: the row does not say */
  sourcePlatform: Platform | null;
}

/** @throws {RowError} REQUIRED when nothing tells the row apart */
function identify(row: RowReader, platformOfTool: Platform | null): Identity {
  const url = row.parse('profileUrl', parseUrl);
  const email = unusable.test(row.text('emailStatus', longest.username) ?? '') ? null : row.parse('email', normalizeEmailAddress);
  const handle = row.text('username', longest.username)?.replace(/^@/, '') || null;
  const given = row.parse('sourcePlatform', (text) => platformNames.get(text.toLowerCase()) ?? Platform.OTHER);
  const sourcePlatform = given ?? (url || !handle ? null : platformOfTool);
  const platform = sourcePlatform ?? (url ? platformOf(url) : Platform.WEBSITE);
  const rest = { email, handle, platform, sourcePlatform };
  const ofHandle = url || !handle ? null : row.parse('username', (name) => profileUrlOfHandle(platform, name));
  const profileUrl = url ?? ofHandle;
  if (profileUrl) return { key: row.parse(url ? 'profileUrl' : 'username', () => keyOfUrl(profileUrl, platform)) as string, profileUrl, ...rest };
  if (email) return { key: email, profileUrl: null, ...rest };
  // The site of whom a person works for, where nothing else is known.
  const site = row.parse('website', parseUrl);
  if (site) return { key: row.parse('website', () => keyOfUrl(site, platform)) as string, profileUrl: site, ...rest };
  const message = 'The row has neither a profile URL, nor a handle on a known platform, nor an e-mail address.';
  throw new RowError('REQUIRED', message, row.columnOf('profileUrl'), '');
}

/** Other addresses of the row, elsewhere than the one that identifies it. */
function sparesOf(cells: Cells, profileUrl: URL | null): string[] {
  const links = [...cells.values('profileUrl').slice(1), ...cells.values('website')].map((value) => linkOrNothing(String(value)));
  return links.filter((link) => link !== '' && link !== profileUrl?.href && !(profileUrl && isSamePlatform(new URL(link), profileUrl)));
}

function isSamePlatform(one: URL, other: URL): boolean {
  return platformOf(one) !== Platform.WEBSITE && platformOf(one) === platformOf(other);
}

/** What a new prospect gets where its row does not say. */
export function withDefaults(row: ImportedProspect): { sourceType: SourceType; sourcePlatform: Platform } {
  const sourcePlatform = row.sourcePlatform ?? (row.profileUrl ? platformOf(new URL(row.profileUrl)) : Platform.WEBSITE);
  return { sourcePlatform, sourceType: row.sourceType ?? (isSocial(null, sourcePlatform) ? SourceType.SOCIAL : SourceType.WEBSITE) };
}

function isSocial(sourceType: SourceType | null, platform: Platform): boolean {
  return sourceType ? sourceType === SourceType.SOCIAL : platform !== Platform.WEBSITE && platform !== Platform.OTHER;
}

/** A handle's own profile where its platform is known; otherwise the row's URL is all there is. */
function profileOf(platform: Platform, username: string, profileUrl: URL | null): ImportedProspect['profile'] {
  let url = profileUrl;
  try {
    url = profileUrlOfHandle(platform, username) ?? profileUrl;
  } catch (error) {
    if (!(error instanceof UrlError)) throw error;
  }
  return url && { key: keyOfUrl(url, platform), platform, username, profileUrl: url.href };
}

/** A further link that is none is left out: it identifies nothing, and a row is not lost for it. */
function linkOrNothing(text: string): string {
  try {
    return parseUrl(text).href;
  } catch (error) {
    if (error instanceof UrlError) return '';
    throw error;
  }
}

function shortTag(tag: string): string {
  if (tag.length > longest.tag) throw new RangeError(`has a tag of more than ${longest.tag} characters`);
  return tag;
}

function sourceTypeOf(text: string): SourceType {
  const type = Object.values(SourceType).find((known) => known === text.toLowerCase());
  if (!type) throw new RangeError(`is neither ${Object.values(SourceType).join(' nor ')}`);
  return type;
}

/** Also as platforms show it (12.5K, 3M) and as spreadsheets keep it (120.0). */
function wholeNumber(text: string): number {
  const [, digits = '', letter = ''] = /^(\d{1,3}(?:,\d{3})+|\d{1,10}(?:\.\d{1,3})?)\s?([kmb]?)\+?$/i.exec(text) ?? [];
  const number = Number(digits.replaceAll(',', '')) * thousands[letter.toLowerCase() as keyof typeof thousands];
  const whole = Math.round(number);
  if (digits === '' || !(whole <= 2_147_483_647) || (letter === '' && whole !== number)) throw new RangeError('is not a whole number from 0 to 2147483647');
  return whole;
}

const thousands = { '': 1, k: 1e3, m: 1e6, b: 1e9 };

function percentage(text: string): number {
  const number = /^\d+(\.\d+)?\s*%?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (!(number < 999.995)) throw new RangeError('is not a percentage below 1000');
  return Math.round(number * 100) / 100;
}

function instant(text: string): string {
  // Where no zone is said it is UTC, wherever the server stands.
  const date = new Date(/^[\d-]{10}[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text) ? `${text.replace(' ', 'T')}Z` : text);
  if (!isDay(text) || !isInstant(date)) throw new RangeError('is not a date as in 2026-01-31T12:00:00Z');
  return date.toISOString();
}
