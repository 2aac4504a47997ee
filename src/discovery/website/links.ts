import { getDomain } from 'tldts';
import { percentDecoded } from '../../domain/percentDecoded.ts';
import type { PageKind } from './addresses.ts';
import type { Link, PageDocument } from './document.ts';

/** Where people say who they are and how to reach them; matched against paths, and against the words of a link. */
const kinds: readonly [Exclude<PageKind, 'home'>, RegExp][] = [
  ['contact', /contact|kontakt|contato|contatt|contacte|kapcsolat|yhteystiedot|iletisim|iletişim|επικοινων|контакт|お問い合わせ|連絡|联系|聯絡|문의|เ?ติดต่อ|اتصل|צור.?קשר/i],
  ['imprint', /impressum|imprint|mentions?.?l[ée]gales|aviso.?legal|note.?legali|colofon|colophon|legal.?notice|impresszum|anbieterkennzeichnung/i],
  ['about', /about|über.?uns|ueber.?uns|uber.?uns|wir.?sind|[àa].?propos|qui.?sommes|sobre|quienes.?somos|quiénes|chi.?siamo|over.?ons|om.?oss|om.?os\b|o.?n[aá]s\b|rólunk|meistä|hakkimizda|hakkımızda|о.?нас|会社概要|关于|關於|회사소개/i],
];

/** The page of this kind that a URL or the words of a link stand for; null for any other. */
export function kindOf(path: string, words = ''): PageKind | null {
  const text = percentDecoded(path);
  return kinds.find(([, pattern]) => pattern.test(text) || (words.length < 60 && pattern.test(words)))?.[0] ?? null;
}

/** Pages of the same site that are worth a request: contact, imprint and about, the best of each kind first. */
export function pagesToRead(page: PageDocument, at: URL): { url: URL; kind: PageKind }[] {
  const best = new Map<string, { url: URL; kind: PageKind; rank: number }>();
  for (const link of page.links.slice(0, 2_000)) {
    const url = urlOf(link, page, at);
    if (!url || link.rel.includes('nofollow') || !isSameSite(url, at) || url.href === at.href || isDownload(url)) continue;
    const kind = kindOf(url.pathname, link.text);
    if (!kind || kind === 'home') continue;
    // Shallow pages are about the site, deep ones about something on it.
    const rank = kinds.findIndex(([known]) => known === kind) * 10 + url.pathname.split('/').length + (url.search ? 3 : 0);
    if (rank < (best.get(url.href)?.rank ?? Infinity)) best.set(url.href, { url, kind, rank });
  }
  const sorted = [...best.values()].sort((a, b) => a.rank - b.rank);
  const firsts = kinds.flatMap(([kind]) => sorted.find((candidate) => candidate.kind === kind) ?? []);
  return [...firsts, ...sorted.filter((candidate) => !firsts.includes(candidate))];
}

/** A link's target as http(s), without its fragment; null for everything else. */
export function urlOf({ href }: Link, { base }: PageDocument, at: URL): URL | null {
  const from = base === null ? at : (URL.parse(base, at.href) ?? at);
  const url = URL.parse(href, from.href);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.href.length > 2_048) return null;
  url.hash = '';
  return url;
}

/** One domain and what is below it; an address without a domain is a site with its port. */
export function isSameSite(one: URL, other: URL): boolean {
  const domain = getDomain(one.hostname, { allowPrivateDomains: true });
  return domain === null ? one.host === other.host : domain === getDomain(other.hostname, { allowPrivateDomains: true });
}

function isDownload(url: URL): boolean {
  return /\.(pdf|docx?|xlsx?|zip|jpe?g|png|gif|svg|webp|mp[34]|vcf|ics|xml|rss)$/i.test(url.pathname);
}
