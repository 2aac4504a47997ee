import { z } from 'zod';
import { keyOfUrl, platformOf } from '../../domain/canonicalKey.ts';
import { Platform } from '../../domain/enums.ts';
import { UserErrorCode, type UserError } from '../../domain/errors.ts';
import { parseUrl, UrlError } from '../../domain/url.ts';
import { DiscoveryError, type DiscoveredProspect, type Page, type PlatformAdapter, type Search } from '../adapter.ts';
import { FetchError } from '../fetch/fetch.ts';
import { pagesToRead } from './links.ts';
import { prospectOf, type ReadPage } from './prospectOf.ts';
import { readHtml } from './readHtml.ts';
import { siteOf } from './site.ts';
import { Visitor } from './Visitor.ts';

const mostSites = 1_000;

const filters = z.strictObject({
  /** of each site, its first page included */
  maximumPages: z.number().int().min(1).max(10).default(4),
  // Kept with the search; a site says nothing that they could be compared with.
  location: z.string().max(500).optional(),
  language: z.string().max(500).optional(),
  minFollowers: z.number().int().min(0).optional(),
});

type Filters = z.infer<typeof filters>;

/** Websites by their addresses: the first page, and those on which sites say who they are and how to reach them. */
export const website: PlatformAdapter<Filters> = {
  platform: Platform.WEBSITE,
  filters,
  understands: 'maximumPages (of each site, 1 to 10); location, language and minFollowers are kept with the search, and filter nothing',
  targets: (query) => [...sitesOf(query).values()],
  check: ({ query }) => checkSites(query),
  readPage: async (search) => {
    const { prospect, source } = await readSite(search);
    return { found: [prospect], cursor: null, source } satisfies Page;
  },
};

/** What a query names, without repeats, as it was written. @throws {UrlError} */
function sitesOf(query: string): Map<string, string> {
  const sites = new Map<string, string>();
  for (const name of query.split(/\s+/).flatMap(cut).filter(Boolean)) {
    try {
      const key = keyOfUrl(parseUrl(name), Platform.WEBSITE);
      if (!sites.has(key)) sites.set(key, name);
    } catch (error) {
      if (!(error instanceof UrlError)) throw error;
      throw new UrlError(`"${name.slice(0, 100)}" ${error.message}`);
    }
  }
  return sites;
}

/** A comma parts two sites, unless it is part of a URL. */
function cut(word: string): string[] {
  const parts = word.split(/[,;]+/).filter(Boolean);
  return parts.every((part) => /^(https?:\/\/)?[^/?#]+(\.[^/?#]+|:\d+)/i.test(part)) ? parts : [word];
}

function checkSites(query: string): UserError | null {
  const invalid = (message: string, code = UserErrorCode.INVALID): UserError => ({ code, message, field: ['input', 'query'] });
  try {
    const sites = [...sitesOf(query).values()];
    if (sites.length === 0) return invalid('Name at least one site, such as example.org.');
    if (sites.length > mostSites) return invalid(`Name ${mostSites.toLocaleString('en')} sites at most, and search for the rest afterwards: these are ${sites.length.toLocaleString('en')}.`);
    const profile = sites.find((site) => platformOf(parseUrl(site)) !== Platform.WEBSITE);
    return profile === undefined ? null : invalid(`${profile} is no website of its own: search its platform where that is possible, or import it.`);
  } catch (error) {
    if (error instanceof UrlError) return invalid(`${error.message}; a query names sites, such as example.org or https://example.org.`);
    throw error;
  }
}

async function readSite(search: Search<Filters>): Promise<{ prospect: DiscoveredProspect; source: string }> {
  const asked = parseUrl(search.query);
  const visitor = new Visitor(search);
  const home = await readFirst(visitor, asked, /^https?:/i.test(search.query));
  if (home.noindex) throw new DiscoveryError('NOINDEX', `${home.url.href} asks not to be indexed.`);
  const pages: ReadPage[] = [home];
  const further = home.nofollow ? [] : pagesToRead(home.page, home.url).slice(0, search.filters.maximumPages - 1);
  for (const { url, kind } of further) {
    const page = await readFurther(visitor, url, search.signal);
    const isNew = page && !page.noindex && !pages.some((other) => other.url.href === page.url.href);
    if (isNew) pages.push({ ...page, kind });
  }
  return { prospect: prospectOf(siteOf(asked, home.url), pages), source: home.asked };
}

/** Where no scheme was given, a site that does not answer over https may do so over http. */
async function readFirst(visitor: Visitor, url: URL, isExact: boolean): Promise<ReadPage> {
  try {
    return await readHtml(visitor, url);
  } catch (error) {
    if (isExact || !(error instanceof FetchError) || error.code !== 'CONNECTION_FAILED') throw error;
    return readHtml(visitor, new URL(url.href.replace(/^https:/, 'http:')));
  }
}

/** Null for a page that cannot be had: the first one has said enough to go on, and what failed stands in scraper_history. */
async function readFurther(visitor: Visitor, url: URL, signal: AbortSignal): Promise<ReadPage | null> {
  try {
    return await readHtml(visitor, url);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof FetchError || error instanceof DiscoveryError) return null;
    throw error;
  }
}
