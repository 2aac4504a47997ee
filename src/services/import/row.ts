import { Platform, SourceType } from '../../domain/enums.ts';
import { keyOfUrl, platformOf } from '../../domain/canonicalKey.ts';
import { EmailAddressError, normalizeEmailAddress } from '../../domain/emailAddress.ts';
import { profileUrlOfHandle } from '../../domain/handle.ts';
import { textProblem } from '../../domain/text.ts';
import { parseUrl, UrlError } from '../../domain/url.ts';
import type { Field } from './columns.ts';

/** Why a row failed, and where. */
export class RowError extends Error {
  override readonly name = 'RowError';
  readonly code: string;
  readonly column: string | null;
  readonly value: string | null;

  constructor(code: string, message: string, column: string | null = null, value: unknown = null) {
    super(message);
    this.code = code;
    this.column = column;
    this.value = value == null ? null : excerpt(typeof value === 'string' ? value : JSON.stringify(value));
  }
}

/** One row's values by field, as they stand there. */
export interface Cells {
  /** a text, or what JSON gave; undefined and empty: nothing */
  value(field: Field): unknown;
  /** the field's column as the file calls it */
  column(field: Field): string;
}

/** What a row says of a prospect; null and empty: it does not say. */
export interface ImportedProspect {
  key: string;
  sourceType: SourceType | null;
  sourcePlatform: Platform | null;
  profileUrl: string | null;
  username: string | null;
  displayName: string;
  email: string | null;
  bioText: string | null;
  followerCount: number | null;
  engagementRate: number | null;
  scrapedAt: string | null;
  externalLinks: string[];
  tags: string[];
  profile: { key: string; platform: Platform; username: string; profileUrl: string } | null;
}

const longest = { displayName: 500, username: 500, bioText: 50_000, tag: 100, tags: 200, externalLinks: 200 };
const platformNames: { readonly [name: string]: Platform } = {
  ...Object.fromEntries(Object.values(Platform).map((platform) => [platform, platform])),
  twitter: Platform.X,
  fb: Platform.FACEBOOK,
  ig: Platform.INSTAGRAM,
  blog: Platform.WEBSITE,
  web: Platform.WEBSITE,
};

/**
 * Checks and normalises one row.
 * @throws {RowError}
 */
export function readRow(cells: Cells): ImportedProspect {
  const row = new Row(cells);
  const url = row.parse('profileUrl', (text) => parseUrl(text));
  const email = row.parse('email', normalizeEmailAddress);
  const username = row.text('username', longest.username)?.replace(/^@/, '') || null;
  const sourcePlatform = row.parse('sourcePlatform', (text) => platformNames[text.toLowerCase()] ?? Platform.OTHER);
  const platform = sourcePlatform ?? (url ? platformOf(url) : Platform.WEBSITE);
  const profileUrl = url ?? (username ? row.parse('username', (handle) => profileUrlOfHandle(platform, handle)) : null);
  const key = profileUrl ? row.parse(url ? 'profileUrl' : 'username', () => keyOfUrl(profileUrl, platform)) : email;
  if (key === null) {
    const message = 'The row has neither a profile URL, nor a handle on a known platform, nor an e-mail address.';
    throw new RowError('REQUIRED', message, row.columnOf('profileUrl'), '');
  }
  const displayName = row.text('displayName', longest.displayName) ?? username;
  if (displayName === null) throw new RowError('REQUIRED', 'The row has no display name.', row.columnOf('displayName'), '');
  const sourceType = row.parse('sourceType', sourceTypeOf);
  return {
    key,
    sourceType,
    sourcePlatform,
    profileUrl: profileUrl?.href ?? null,
    username,
    displayName,
    email,
    bioText: row.text('bioText', longest.bioText),
    followerCount: row.parse('followerCount', wholeNumber),
    engagementRate: row.parse('engagementRate', percentage),
    scrapedAt: row.parse('scrapedAt', instant),
    externalLinks: row.list('externalLinks', /[,;]?\s+/, longest.externalLinks, linkOrNothing),
    tags: row.list('tags', /[,;]/, longest.tags, shortTag),
    profile: username && isSocial(sourceType, platform) ? profileOf(platform, username, profileUrl) : null,
  };
}

/** What a new prospect gets where its row does not say. */
export function withDefaults(row: ImportedProspect): { sourceType: SourceType; sourcePlatform: Platform } {
  const sourcePlatform = row.sourcePlatform ?? (row.profileUrl ? platformOf(new URL(row.profileUrl)) : Platform.WEBSITE);
  return { sourcePlatform, sourceType: row.sourceType ?? (isSocial(null, sourcePlatform) ? SourceType.SOCIAL : SourceType.WEBSITE) };
}

export function excerpt(value: string): string {
  const clean = value.toWellFormed().replaceAll('\0', '\uFFFD');
  return clean.length <= 200 ? clean : `${clean.slice(0, 199).toWellFormed()}…`;
}

class Row {
  readonly #cells: Cells;

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  columnOf(field: Field): string {
    return this.#cells.column(field);
  }

  text(field: Field, limit: number): string | null {
    const text = this.#string(field);
    if (text !== null && text.length > limit) this.#refuse('TOO_LONG', field, `is longer than ${limit} characters`);
    return text;
  }

  parse<T>(field: Field, parse: (text: string) => T): T | null {
    const text = this.#string(field);
    return text === null ? null : this.#guard(field, () => parse(text));
  }

  /** A JSON array, or a text cut at `separator`; without repeats. */
  list(field: Field, separator: RegExp, limit: number, parse: (item: string) => string): string[] {
    const value = this.#cells.value(field);
    if (value == null || value === '') return [];
    const items = Array.isArray(value) ? value : this.#guard(field, () => itemsOf(String(value), separator));
    if (items.length > limit) this.#refuse('TOO_LONG', field, `has more than ${limit} entries`);
    const parsed = items.map((item) => this.#guard(field, () => parse(this.#storable(field, String(item)).trim())));
    return [...new Set(parsed.filter((item) => item !== ''))];
  }

  #string(field: Field): string | null {
    const value = this.#cells.value(field);
    if (value == null || value === '') return null;
    if (typeof value === 'object') this.#refuse('INVALID_VALUE', field, 'is not a single value');
    return this.#storable(field, String(value)).trim() || null;
  }

  #storable(field: Field, text: string): string {
    const problem = textProblem(text);
    if (problem) this.#refuse('INVALID_TEXT', field, problem);
    return text;
  }

  #guard<T>(field: Field, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof UrlError) this.#refuse('INVALID_URL', field, error.message);
      if (error instanceof EmailAddressError) this.#refuse('INVALID_EMAIL', field, error.message);
      if (error instanceof RangeError) this.#refuse('INVALID_VALUE', field, error.message);
      throw error;
    }
  }

  #refuse(code: string, field: Field, problem: string): never {
    const column = this.columnOf(field);
    throw new RowError(code, `${column} ${problem}.`, column, this.#cells.value(field));
  }
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

function wholeNumber(text: string): number {
  const digits = /^\d{1,3}(,\d{3})+$/.test(text) ? text.replaceAll(',', '') : text;
  const number = /^\d{1,10}$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(number <= 2_147_483_647)) throw new RangeError('is not a whole number from 0 to 2147483647');
  return number;
}

function percentage(text: string): number {
  const number = /^\d+(\.\d+)?\s*%?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (!(number < 999.995)) throw new RangeError('is not a percentage below 1000');
  return Math.round(number * 100) / 100;
}

function instant(text: string): string {
  const date = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (Number.isNaN(date.getTime())) throw new RangeError('is not a date as in 2026-01-31T12:00:00Z');
  return date.toISOString();
}

function itemsOf(text: string, separator: RegExp): unknown[] {
  if (!text.trimStart().startsWith('[')) return text.split(separator);
  try {
    const items: unknown = JSON.parse(text);
    if (Array.isArray(items)) return items;
  } catch {
    // Said below.
  }
  throw new RangeError('is not a JSON array');
}
