import { textProblem } from './text.ts';

/** Longest URL that is kept. */
const maxUrlLength = 2048;

const scheme = /^[a-z][a-z0-9+.-]*:(?!\d)/i;
// Also the no-break and zero-width kinds of space: they hide in copied links.
const blankOrControl = /[\p{Cc}\p{Cf}\p{Z}]/u;

export class UrlError extends Error {
  override readonly name = 'UrlError';
}

/**
 * A link as typed or exported, as a URL: http(s) only, host in lower case and punycode, no fragment. A missing
 * scheme means https.
 * @throws {UrlError} with the rest of a sentence that begins with the field's name
 */
export function parseUrl(text: string): URL {
  const trimmed = text.trim();
  const problem = textProblem(trimmed);
  if (problem) throw new UrlError(problem);
  if (trimmed.length > maxUrlLength) throw new UrlError(`is longer than ${maxUrlLength} characters`);
  if (blankOrControl.test(trimmed)) throw new UrlError('contains a space or a control character');
  const given = scheme.exec(trimmed)?.[0].toLowerCase();
  if (given !== undefined && given !== 'http:' && given !== 'https:') {
    throw new UrlError(`starts with ${given}, and only http and https links are taken`);
  }
  const absolute = given ? trimmed : `https://${trimmed.replace(/^\/\//, '')}`;
  if (!/^https?:\/\/[^/\\?#]/i.test(absolute)) throw new UrlError('is not a URL');
  const url = URL.parse(absolute);
  if (!url) throw new UrlError('is not a URL');
  if (url.username || url.password) throw new UrlError('contains a user name or password');
  url.hostname = url.hostname.replace(/\.$/, '');
  if (!given && !url.hostname.includes('.')) throw new UrlError('is not a URL');
  url.hash = '';
  if (url.href.length > maxUrlLength) throw new UrlError(`is longer than ${maxUrlLength} characters`);
  return url;
}
