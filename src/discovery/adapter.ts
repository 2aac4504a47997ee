import type { z } from 'zod';
import type { Outreach } from '../config/outreach.ts';
import type { Platform, SourceType } from '../domain/enums.ts';
import type { UserError } from '../domain/errors.ts';
import type { Fetch } from './fetch/fetch.ts';

/** A profile on a platform that belongs to a prospect. */
export interface DiscoveredProfile {
  platform: Platform;
  /** as the platform shows it, with or without @ */
  username: string;
  profileUrl: string;
}

/**
 * What a discovery says of a person or organisation, as it stands there: whoever writes it normalises it, cuts what is
 * too long and derives the canonical key. Null and empty: it does not say.
 */
export interface DiscoveredProspect {
  sourceType: SourceType;
  sourcePlatform: Platform;
  profileUrl: string;
  username: string | null;
  displayName: string;
  email: string | null;
  /** cold mail to `email` is forbidden, by the platform's terms or by what stands beside the address */
  emailBlocked: boolean;
  bioText: string | null;
  followerCount: number | null;
  engagementRate: number | null;
  externalLinks: readonly string[];
  tags: readonly string[];
  /** profiles elsewhere that it names as its own; the one of `username` on `sourcePlatform` is made without being here */
  profiles: readonly DiscoveredProfile[];
}

export interface Search<Filters> {
  /** as the user gave it, trimmed; of an adapter with `targets`, one of these */
  query: string;
  filters: Filters;
  /** prospects that are still wanted, at least 1: what a page holds above it is left out */
  limit: number;
  /** what the page before gave; null at the start, and again when that page was lost with its worker */
  cursor: string | null;
  /** records each request, waits for rate limits, tries again what may pass; refuses what is not public */
  fetch: Fetch;
  signal: AbortSignal;
  /** the same for all pages of a job that one process reads: what it learns about hosts may hang on it */
  session: object;
}

export interface Page {
  found: readonly DiscoveredProspect[];
  /** where the next page begins; null after the last one */
  cursor: string | null;
  /** the request that `found` stands for in scraper_history; the first one of the page when absent */
  source?: string;
}

/** How one platform is searched. It keeps nothing between pages but the cursor, so that any worker may go on. */
export interface PlatformAdapter<Filters = any> {
  platform: Platform;
  /** strict: what it does not understand is refused, with a message that names what it does */
  filters: z.ZodType<Filters>;
  /** the filters in words, for such a message */
  understands: string;
  /** What stops a search before it begins: a query that cannot be, something that is not configured. */
  check?(search: { query: string; filters: Filters }, outreach: Outreach): UserError | null;
  /** Cuts a query into targets that are searched, fail and are tried again one by one, with one page each. */
  targets?(query: string): readonly string[];
  /**
   * One page: a few requests.
   * @throws {FetchError} when a request failed for good
   * @throws {DiscoveryError} when the answer is not what the platform's API promises, or forbids to use it
   */
  readPage(search: Search<Filters>, outreach: Outreach): Promise<Page>;
}

/** Why a target gave nothing, although it answered. */
export class DiscoveryError extends Error {
  override readonly name = 'DiscoveryError';
  /** such as ROBOTS_DISALLOWED or UNEXPECTED_ANSWER */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
