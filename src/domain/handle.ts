import { Platform } from './enums.ts';
import { percentDecoded } from './percentDecoded.ts';
import { parseUrl, UrlError } from './url.ts';

type Handled = Exclude<Platform, Platform.WEBSITE | Platform.OTHER>;

interface HandleForm {
  /** what a handle looks like, without its @ */
  pattern: RegExp;
  /** the profile's URL */
  url: (handle: string) => string;
}

const forms: Record<Handled, HandleForm> = {
  // Of an organisation the handle is `company/NAME` or `school/NAME`.
  [Platform.LINKEDIN]: {
    pattern: /^((in|company|school|showcase)\/)?[\p{L}\p{N}%_.&-]{1,120}$/u,
    url: (handle) => `https://www.linkedin.com/${handle.includes('/') ? handle : `in/${handle}`}`,
  },
  [Platform.INSTAGRAM]: { pattern: /^[\w.]{1,30}$/, url: (handle) => `https://www.instagram.com/${handle}/` },
  [Platform.FACEBOOK]: { pattern: /^[\w.-]{1,80}$/, url: (handle) => `https://www.facebook.com/${handle}` },
  [Platform.TIKTOK]: { pattern: /^[\w.]{1,24}$/, url: (handle) => `https://www.tiktok.com/@${handle}` },
  [Platform.X]: { pattern: /^\w{1,20}$/, url: (handle) => `https://x.com/${handle}` },
  [Platform.YOUTUBE]: { pattern: /^[\p{L}\p{N}_.·-]{1,60}$/u, url: (handle) => `https://www.youtube.com/@${handle}` },
  [Platform.BLUESKY]: {
    pattern: /^[a-z0-9-]+(\.[a-z0-9-]+)*$/i,
    url: (handle) => `https://bsky.app/profile/${handle.includes('.') ? handle : `${handle}.bsky.social`}`,
  },
  [Platform.MASTODON]: {
    pattern: /^\w[\w.-]*@[^@/\s]+\.[^@/\s]+$/,
    url: (handle) => `https://${handle.split('@')[1]}/@${handle.split('@')[0]}`,
  },
  [Platform.GITHUB]: { pattern: /^[\w-]{1,100}$/, url: (handle) => `https://github.com/${handle}` },
  [Platform.GITLAB]: { pattern: /^\w[\w.-]{0,254}(\/\w[\w.-]{0,254})*$/, url: (handle) => `https://gitlab.com/${handle}` },
};

/** Of any platform: a host of 253 characters, and a name at it. */
const longestHandle = 500;

/**
 * The URL of a handle's profile, written with or without @; null where the platform has no handles of a known form.
 * @throws {UrlError} when it cannot be a handle of this platform
 */
export function profileUrlOfHandle(platform: Platform, handle: string): URL | null {
  const form = (forms as Partial<Record<Platform, HandleForm>>)[platform];
  if (!form) return null;
  const bare = handle.trim().replace(/^@/, '');
  if (bare.length > longestHandle || !form.pattern.test(bare)) throw new UrlError(`is not a handle of ${platform}`);
  return parseUrl(form.url(bare));
}

/** Pages where handles stand as well, which are nobody's. */
const pages =
  /^(about|accounts|direct|events|explore|features|groups|hashtag|help|home|i|intent|jobs|legal|login|marketplace|messages|notifications|orgs|p|pages|people|photo|pricing|privacy|profile\.php|reel|reels|search|settings|share|signup|sponsors|stories|terms|topics|tv|watch)$/i;

const paths: Record<Handled, RegExp> = {
  [Platform.LINKEDIN]: /^\/(?:in\/([^/]+)|((?:company|school|showcase)\/[^/]+))$/i,
  [Platform.INSTAGRAM]: /^\/([^/]+)$/,
  [Platform.FACEBOOK]: /^\/([^/]+)$/,
  [Platform.TIKTOK]: /^\/@([^/]+)$/,
  [Platform.X]: /^\/([^/]+)$/,
  [Platform.YOUTUBE]: /^\/@([^/]+)$/,
  [Platform.BLUESKY]: /^\/profile\/([^/]+)$/i,
  [Platform.MASTODON]: /^\/@([^/@]+)$/,
  [Platform.GITHUB]: /^\/([^/]+)$/,
  [Platform.GITLAB]: /^\/([^/]+)$/,
};

/** The handle whose profile a URL of this platform is; null for any other page. */
export function handleOfProfileUrl(platform: Platform, url: URL): string | null {
  const path = percentDecoded(url.pathname.replace(/\/+$/, ''));
  const parts = (paths as Partial<Record<Platform, RegExp>>)[platform]?.exec(path);
  const name = parts?.[1] ?? parts?.[2];
  if (!name || (path === `/${name}` && pages.test(name))) return null;
  const handle = platform === Platform.MASTODON ? `${name}@${url.host}` : name;
  return forms[platform as Handled].pattern.test(handle) ? handle : null;
}
