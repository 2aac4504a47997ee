import { DiscoveryError } from '../adapter.ts';
import type { Fetched } from '../fetch/fetch.ts';
import { decodeHtml } from './decodeHtml.ts';
import { type PageDocument, readDocument } from './document.ts';
import type { ReadPage } from './prospectOf.ts';
import type { Visitor } from './Visitor.ts';

/**
 * One page of a site.
 * @throws {DiscoveryError} NOT_HTML, UNREADABLE, ROBOTS_DISALLOWED, ROBOTS_UNAVAILABLE
 * @throws {FetchError}
 */
export async function readHtml(visitor: Visitor, url: URL): Promise<ReadPage> {
  const answer = await visitor.visit(url);
  const type = answer.headers['content-type'] ?? '';
  if (type !== '' && !/html|xml/i.test(type)) throw new DiscoveryError('NOT_HTML', `${answer.url.href} is ${type.slice(0, 100)}, not a page.`);
  const page = readDocument(decodeHtml(answer.body, type));
  const wishes = wishesOf(page, answer.headers);
  return {
    asked: url.href, url: answer.url, kind: 'home', page,
    noindex: /\b(noindex|none)\b/.test(wishes), nofollow: /\b(nofollow|none)\b/.test(wishes),
  };
}

/** What a page asks of robots: of all of them, and of ours by name. */
function wishesOf({ meta }: PageDocument, headers: Fetched['headers']): string {
  const inHeader = (headers['x-robots-tag'] ?? '').split(/,\s*(?=[a-z-]+:\s)/i).filter((wish) => !/^\s*(?!outrider\b|unavailable_after\b)[a-z-]+\s*:/i.test(wish));
  return [meta.get('robots'), meta.get('outrider'), ...inHeader].join(', ').toLowerCase();
}
