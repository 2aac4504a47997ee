import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Outreach } from '../../src/config/outreach.ts';
import type { DiscoveredProspect, PlatformAdapter } from '../../src/discovery/adapter.ts';
import { createFetch, type FetchLimits } from '../../src/discovery/fetch/createFetch.ts';
import { outreachOf } from '../support/outreach.ts';
import { type LocalSite, lookupOf, serveSite } from './support.ts';

export interface Asked {
  query: string;
  filters?: unknown;
  limit?: number;
  limits?: Partial<FetchLimits>;
}

/** A platform's API on this machine, and searches that ask it as the job does: one page a time, each with a fetch of its own and nothing but the cursor kept. */
export class PlatformBench {
  readonly #adapter: PlatformAdapter;
  readonly #discovery: (site: LocalSite) => Partial<Outreach['discovery']>;
  readonly #sites: LocalSite[] = [];

  constructor(adapter: PlatformAdapter, discovery: (site: LocalSite) => Partial<Outreach['discovery']> = () => ({})) {
    this.#adapter = adapter;
    this.#discovery = discovery;
  }

  async serve(listener: RequestListener): Promise<LocalSite> {
    const site = await serveSite(listener);
    this.#sites.push(site);
    return site;
  }

  async close(): Promise<void> {
    await Promise.all(this.#sites.splice(0).map((site) => site.close()));
  }

  async readPage(site: LocalSite, { query, filters = {}, limit = 100, limits }: Asked, cursor: string | null = null) {
    const outreach = outreachOf({ discovery: { ...outreachOf().discovery, allowedHosts: [site.host], ...this.#discovery(site) } });
    const { signal } = new AbortController();
    const fetch = createFetch({
      userAgent: 'Outrider/test', allowedHosts: [site.host], signal, lookup: lookupOf({}),
      limits: { attempts: 3, backoffMs: 2, timeoutMs: 20_000, longestWaitMs: 1_500, ...limits },
    });
    return this.#adapter.readPage({ query, filters: this.#adapter.filters.parse(filters), limit, cursor, fetch, signal, session: {} }, outreach);
  }

  /** All pages, at most so many; `open` says whether the search would have gone on. */
  async search(site: LocalSite, asked: Asked, mostPages = 20): Promise<{ found: DiscoveredProspect[]; pages: number; open: boolean }> {
    const found: DiscoveredProspect[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page = await this.readPage(site, asked, cursor);
      found.push(...page.found);
      cursor = page.cursor;
      pages += 1;
    } while (cursor !== null && pages < mostPages);
    return { found, pages, open: cursor !== null };
  }
}

export function answer(response: ServerResponse, body: unknown, { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
}

export function urlOf({ url }: IncomingMessage): URL {
  return new URL(url ?? '/', 'http://local.invalid');
}

/** Ways in which any API fails once or for good, and what a search makes of it. */
export const passingFailures: readonly [name: string, fail: (response: ServerResponse) => void][] = [
  ['429 with Retry-After', (response) => answer(response, { error: 'Too many requests' }, { status: 429, headers: { 'retry-after': '0' } })],
  ['429 with the time of the reset', (response) => answer(response, {}, { status: 429, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': new Date(Date.now() + 5).toISOString() } })],
  ['500', (response) => answer(response, 'oops', { status: 500 })],
  ['503', (response) => answer(response, '<html>busy</html>', { status: 503 })],
  ['a broken connection', (response) => response.destroy()],
];
