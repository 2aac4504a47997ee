import { keyOfUrl, platformOf } from '../../domain/canonicalKey.ts';
import { Platform } from '../../domain/enums.ts';
import { handleOfProfileUrl } from '../../domain/handle.ts';
import { maxUrlLength, parseUrl, UrlError } from '../../domain/url.ts';
import type { DiscoveredProfile } from '../adapter.ts';
import type { PageDocument } from './document.ts';
import { isSameSite, urlOf } from './links.ts';

/** What a site says of itself elsewhere. */
export interface Elsewhere {
  profiles: DiscoveredProfile[];
  /** its profiles and the pages that it names as its own */
  links: string[];
}

/** Hosts with /@name that are not Mastodon's. */
const otherAts = /(^|\.)(medium\.com|threads\.(net|com)|flipboard\.com|substack\.com|dailymotion\.com|odysee\.com|rumble\.com|steemit\.com|hackmd\.io|npmjs\.com)$/;

/**
 * The site's own profiles: those that it names by rel=me or sameAs, and of each platform the one that its pages link to.
 * Where they link to several, those in the frame of the pages count; where these are several too, none is known to be its own.
 */
export function elsewhere(pages: readonly { page: PageDocument; url: URL }[], sameAs: readonly string[], site: URL): Elsewhere {
  const named = new Map<string, DiscoveredProfile>();
  const linked = new Map<string, { profile: DiscoveredProfile; framed: boolean }>();
  const links = new Map<string, string>();
  const note = (url: URL, isOwn: boolean, framed: boolean) => {
    if (isSameSite(url, site)) return;
    const profile = profileOf(url, isOwn);
    const found = profile ? new URL(profile.profileUrl) : url;
    const key = keyOf(found, profile?.platform ?? Platform.WEBSITE);
    if (key === null) return;
    if (isOwn || profile) links.set(key, found.href);
    if (profile && isOwn) named.set(key, profile);
    else if (profile) linked.set(key, { profile, framed: framed || linked.get(key)?.framed === true });
  };
  for (const text of sameAs) {
    const url = URL.parse(text, site.href);
    if (url && /^https?:$/.test(url.protocol) && url.href.length <= maxUrlLength) note(url, true, true);
  }
  for (const { page, url: at } of pages) {
    for (const link of page.links) {
      const url = urlOf(link, page, at);
      if (url) note(url, link.rel.includes('me'), link.framed);
    }
  }
  const platforms = new Set([...named.values()].map(({ platform }) => platform));
  const candidates = Map.groupBy([...linked].filter(([key, { profile }]) => !named.has(key) && !platforms.has(profile.platform)), ([, { profile }]) => profile.platform);
  const chosen = [...candidates.values()].flatMap((several) => {
    const framed = several.filter(([, { framed }]) => framed);
    const [only, ...others] = several.length === 1 ? several : framed;
    return only && others.length === 0 ? [only[1].profile] : [];
  });
  return { profiles: [...named.values(), ...chosen], links: [...links.values()].slice(0, 100) };
}

function profileOf(url: URL, isOwn: boolean): DiscoveredProfile | null {
  const known = platformOf(url);
  const isMastodon = known === Platform.WEBSITE && isOwn && /^\/@[^/@]+\/?$/.test(url.pathname) && !otherAts.test(url.hostname);
  const platform = isMastodon ? Platform.MASTODON : known;
  const username = platform === Platform.WEBSITE ? null : handleOfProfileUrl(platform, url);
  return username === null ? null : { platform, username, profileUrl: url.href };
}

function keyOf(url: URL, platform: Platform): string | null {
  try {
    return keyOfUrl(parseUrl(url.href), platform);
  } catch (error) {
    if (error instanceof UrlError) return null;
    throw error;
  }
}
