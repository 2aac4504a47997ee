import robotsParser from 'robots-parser';
import { DiscoveryError } from '../adapter.ts';
import { type Fetch, FetchError } from '../fetch/fetch.ts';

/** The name that robots.txt files address us by. */
const token = 'Outrider';
/** Crawlers need to read 500 KiB of it (RFC 9309). */
const mostBytes = 512_000;

export interface Rules {
  isAllowed(url: URL): boolean;
  /** seconds between two requests; null when it does not say */
  crawlDelay: number | null;
}

/**
 * The rules of an origin (RFC 9309): none where robots.txt is not there (4xx), nothing allowed while it cannot be read.
 * @throws {DiscoveryError} ROBOTS_UNAVAILABLE: the server fails
 * @throws {FetchError} what keeps robots.txt from being read keeps everything else from it as well
 */
export async function readRobots(origin: string, fetch: Fetch): Promise<Rules> {
  const url = `${origin}/robots.txt`;
  const isMissing = (status: number) => status >= 400 && status < 500 && status !== 429;
  try {
    const answer = await fetch(url, { headers: { accept: 'text/plain, */*;q=0.5' }, maximumBytes: mostBytes, truncate: true, accept: isMissing });
    return rulesOf(url, isMissing(answer.status) ? '' : answer.text());
  } catch (error) {
    // Redirects without an end are as if there was none.
    if (error instanceof FetchError && error.code === 'TOO_MANY_REDIRECTS') return rulesOf(url, '');
    if (!(error instanceof FetchError) || error.code !== 'HTTP_STATUS') throw error;
    throw new DiscoveryError('ROBOTS_UNAVAILABLE', `${url} answers ${error.status}: until it can be read, nothing else there may be.`);
  }
}

type Parse = (url: string, text: string) => { isAllowed(url: string, agent: string): boolean | undefined; getCrawlDelay(agent: string): number | undefined };

function rulesOf(url: string, text: string): Rules {
  const robots = (robotsParser as unknown as Parse)(url, withoutRepeats(text));
  const delay = robots.getCrawlDelay(token);
  return {
    isAllowed: (page) => robots.isAllowed(page.href, token) ?? true,
    crawlDelay: delay !== undefined && Number.isFinite(delay) && delay > 0 ? delay : null,
  };
}

/**
 * The same rules for us, in a text whose reading takes time that grows with its length only: robots-parser writes each rule down once for
 * every name that stands above it, and goes through a whole path for every asterisk.
 */
function withoutRepeats(text: string): string {
  let named = new Set<string>();
  const lines = text.split(/\r\n|\r|\n/).flatMap((line) => {
    const [, name] = /^\s*user-agent\s*:([^#]*)/i.exec(line) ?? [];
    if (name === undefined) {
      // Only a line that says something ends the names of a group.
      if (/^\s*[^\s:#][^:#]*:/.test(line)) named = new Set();
      return line.replace(/\*{2,}/g, '*');
    }
    const bare = name.split('/', 1)[0]!.trim().toLowerCase();
    const whose = bare === '*' || bare === token.toLowerCase() ? bare : 'somebody else';
    if (named.has(whose)) return [];
    named.add(whose);
    return line;
  });
  return lines.join('\n');
}
