import { Platform } from './enums.ts';
import { UrlError } from './url.ts';

/** Longest key: the index over it holds no longer entries for sure. */
const maxKeyLength = 2048;

/** Parameters that say where a click came from and never which page it is. */
const trackingParameter =
  /^(utm_.*|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|li_fat_id|igsh|igshid|mc_cid|mc_eid|_hsenc|_hsmi|mkt_tok|ref_src)(=|$)/i;

interface PlatformRule {
  platform: Platform;
  hosts: RegExp;
  /** the one host that stands for all of them */
  host: string;
  /** paths in which the platform ignores letter case */
  ignoresCase: (path: string) => boolean;
  /** the only parameters that name a page there; all others are dropped */
  parameters: readonly string[];
}

const always = () => true;
const rules: readonly PlatformRule[] = [
  { platform: Platform.LINKEDIN, hosts: /^([a-z]{2,3}\.)?linkedin\.com$/, host: 'linkedin.com', ignoresCase: always, parameters: [] },
  // The short codes of posts tell letters apart; handles do not.
  { platform: Platform.INSTAGRAM, hosts: /^(m\.)?instagram\.com$/, host: 'instagram.com', ignoresCase: (path) => !/^\/(p|reel|reels|tv|stories)\//i.test(path), parameters: [] },
  { platform: Platform.FACEBOOK, hosts: /^((m|mobile|web|[a-z]{2}-[a-z]{2})\.)?(facebook|fb)\.com$/, host: 'facebook.com', ignoresCase: always, parameters: ['id', 'story_fbid', 'v'] },
  { platform: Platform.TIKTOK, hosts: /^(m\.)?tiktok\.com$/, host: 'tiktok.com', ignoresCase: (path) => path.startsWith('/@'), parameters: [] },
  { platform: Platform.X, hosts: /^((m|mobile)\.)?(x|twitter)\.com$/, host: 'x.com', ignoresCase: always, parameters: [] },
  // Handles, /user and /c ignore case; the ids of /channel, videos and lists do not.
  { platform: Platform.YOUTUBE, hosts: /^(m\.)?youtube\.com$/, host: 'youtube.com', ignoresCase: (path) => /^\/(@|user\/|c\/)/i.test(path), parameters: ['v', 'list'] },
  { platform: Platform.BLUESKY, hosts: /^bsky\.app$/, host: 'bsky.app', ignoresCase: always, parameters: [] },
  // Owners and repositories ignore case; the files below them do not.
  { platform: Platform.GITHUB, hosts: /^github\.com$/, host: 'github.com', ignoresCase: (path) => path.split('/').length <= 3, parameters: [] },
  { platform: Platform.GITLAB, hosts: /^gitlab\.com$/, host: 'gitlab.com', ignoresCase: (path) => !path.includes('/-/'), parameters: [] },
];

/** The platform that a URL's host belongs to; WEBSITE where it is none that is known by its host. */
export function platformOf(url: URL): Platform {
  return ruleOf(withoutWww(url.hostname))?.platform ?? Platform.WEBSITE;
}

/**
 * A profile's URL without what does not tell profiles apart: scheme, `www.`, trailing slash, fragment, tracking
 * parameters, letter case of the host, and on platforms that ignore it (also Mastodon's `/@name`, when `platform`
 * says so) of the path.
 * @throws {UrlError} when it is longer than a key may be
 */
export function keyOfUrl(url: URL, platform: Platform): string {
  const bareHost = withoutWww(url.hostname);
  const rule = ruleOf(bareHost);
  const host = (rule?.host ?? bareHost) + (url.port && `:${url.port}`);
  const path = url.pathname.replace(/\/+$/, '');
  const parameters = url.search
    .slice(1)
    .split('&')
    .filter((parameter) => parameter !== '' && !trackingParameter.test(parameter))
    .filter((parameter) => !rule || rule.parameters.includes(parameter.split('=')[0] ?? ''));
  const folds = rule ? rule.ignoresCase(path) : platform === Platform.MASTODON && /^\/@[^/]+$/.test(path);
  const query = parameters.length > 0 ? `?${parameters.join('&')}` : '';
  const key = host + (folds ? path.toLowerCase() : path) + query;
  if (key.length > maxKeyLength) throw new UrlError(`is longer than ${maxKeyLength} characters`);
  return key;
}

function withoutWww(host: string): string {
  const rest = host.startsWith('www.') ? host.slice(4) : host;
  return rest.includes('.') ? rest : host;
}

function ruleOf(host: string): PlatformRule | undefined {
  return rules.find(({ hosts }) => hosts.test(host));
}
