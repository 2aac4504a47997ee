import { kindOf } from './links.ts';

/** The first page of a site, in one of its languages. */
const firstPage = /^\/?([a-z]{2}([-_][a-z]{2})?\/?)?((index|home|default|start|welcome)(\.\w{2,5})?\/?)?$/i;

/**
 * Whose page a URL is: the site's, for its first, contact, imprint and about pages; else its own, as for one of many
 * people on one host.
 * @param asked what was given; @param reached where its redirects led
 */
export function siteOf(asked: URL, reached: URL): URL {
  const moved = withoutWww(asked) !== withoutWww(reached);
  const path = moved && !standsForSite(asked) ? reached : asked;
  const site = new URL(standsForSite(path) ? '/' : path.pathname + path.search, reached.origin);
  return site;
}

function standsForSite(url: URL): boolean {
  return firstPage.test(url.pathname) || (url.pathname.split('/').filter(Boolean).length <= 2 && kindOf(url.pathname) !== null);
}

function withoutWww({ host }: URL): string {
  return host.replace(/^www\./, '');
}
