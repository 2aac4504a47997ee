import { Platform, SourceType } from '../../domain/enums.ts';
import type { DiscoveredProspect } from '../adapter.ts';
import { addressesOf, type PageKind, undisguised } from './addresses.ts';
import type { PageDocument } from './document.ts';
import { objectsToAdvertising } from './objection.ts';
import { elsewhere } from './profiles.ts';
import { type Owner, ownerOf } from './structuredData.ts';

export interface ReadPage {
  /** what was asked for */
  asked: string;
  /** where that led */
  url: URL;
  kind: PageKind;
  page: PageDocument;
  noindex: boolean;
  nofollow: boolean;
}

/** One prospect of what a site's pages say, the first page before all others. */
export function prospectOf(site: URL, pages: readonly ReadPage[]): DiscoveredProspect {
  const owners = pages.map(({ page }) => ownerOf(page.structured));
  const owner = owners.find((found) => found !== null) ?? null;
  const first = pages[0]!.page;
  const { profiles, links } = elsewhere(pages, owners.flatMap((found) => found?.sameAs ?? []), site);
  return {
    sourceType: SourceType.WEBSITE,
    sourcePlatform: Platform.WEBSITE,
    profileUrl: site.href,
    username: null,
    displayName: nameOf(first, owner, site),
    ...emailOf(pages, owners, site),
    bioText: owner?.description ?? first.meta.get('description') ?? first.meta.get('og:description') ?? null,
    followerCount: null,
    engagementRate: null,
    externalLinks: links,
    tags: [],
    profiles,
  };
}

/** The address that fits best, marked where the pages refuse advertising. */
function emailOf(pages: readonly ReadPage[], owners: readonly (Owner | null)[], site: URL): Pick<DiscoveredProspect, 'email' | 'emailBlocked'> {
  const found = pages.flatMap(({ page, kind }, index) => addressesOf(page, owners[index] ?? null, kind, site.hostname));
  const [best] = found.sort((a, b) => b.rank - a.rank);
  if (!best) return { email: null, emailBlocked: false };
  const emailBlocked = pages.some(({ page, kind }) => {
    const text = undisguised(page.text);
    return objectsToAdvertising(text, text.toLowerCase().indexOf(best.address), kind === 'contact' || kind === 'imprint');
  });
  return { email: best.address, emailBlocked };
}

function nameOf({ meta, title }: PageDocument, owner: Owner | null, site: URL): string {
  const host = site.hostname.replace(/^www\./, '');
  return owner?.name ?? meta.get('og:site_name') ?? meta.get('application-name') ?? (title === null ? host : partOfTitle(title, host));
}

/** Of "Welcome | Acme" the part that the host is named after, else the first. */
function partOfTitle(title: string, host: string): string {
  const parts = title.split(/\s+[|–—·•»:-]\s+|\s*[|»]\s*/).map((part) => part.trim()).filter(Boolean);
  const label = fold(host.split('.').at(-2) ?? host);
  return parts.find((part) => fold(part) === label) ?? parts.find((part) => label.length > 2 && fold(part).includes(label)) ?? parts[0] ?? host;
}

function fold(text: string): string {
  return text.toLowerCase().normalize('NFKD').replace(/[^\p{L}\p{N}]/gu, '');
}
