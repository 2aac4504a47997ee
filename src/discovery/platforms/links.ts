import { handleOfProfileUrl } from '../../domain/handle.ts';
import { platformOf } from '../../domain/canonicalKey.ts';
import { Platform } from '../../domain/enums.ts';
import { withoutTrailing } from '../../domain/text.ts';
import { parseUrl, UrlError } from '../../domain/url.ts';
import type { DiscoveredProfile } from '../adapter.ts';

/** A link as it was written, as a URL; null when it is none. */
export function linkOf(text: string | null | undefined): URL | null {
  if (!text?.trim()) return null;
  try {
    return parseUrl(text);
  } catch (error) {
    if (error instanceof UrlError) return null;
    throw error;
  }
}

/** The links in a text that people wrote, without the punctuation after them. */
export function linksIn(text: string): string[] {
  const written = text.match(/\bhttps?:\/\/[^\s<>"'()[\]{}]+|\bwww\.[^\s<>"'()[\]{}]+/gi) ?? [];
  const links = written.map((link) => linkOf(withoutTrailing(link, '.,;:!?…'))?.href);
  return [...new Set(links.filter((link) => link !== undefined))];
}

/** The profile that a link leads to, where its platform is known by its host; null for any other page. */
export function profileOf(link: URL): DiscoveredProfile | null {
  const platform = platformOf(link);
  const username = platform === Platform.WEBSITE ? null : handleOfProfileUrl(platform, link);
  return username === null ? null : { platform, username, profileUrl: link.href };
}
