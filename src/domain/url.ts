import { textProblem } from './text.ts';

/** Longest URL that is kept. */
export const maxUrlLength = 2048;

const scheme = /^[a-z][a-z0-9+.-]*:(?!\d)/i;
// Also the no-break and zero-width kinds of space: they hide in copied links.
const blankOrControl = /[\p{Cc}\p{Cf}\p{Z}]/u;

export class UrlError extends Error {
  override readonly name = 'UrlError';
}

/**
 * A complete address: http(s) only, host in lower case and punycode.
 * @throws {UrlError} with the rest of a sentence that begins with the field's name
 */
export function parseAbsoluteUrl(text: string): URL {
  const trimmed = text.trim();
  const problem = textProblem(trimmed);
  if (problem) throw new UrlError(problem);
  if (trimmed.length > maxUrlLength) throw new UrlError(`is longer than ${maxUrlLength} characters`);
  if (blankOrControl.test(trimmed)) throw new UrlError('contains a space or a control character');
  const given = scheme.exec(trimmed)?.[0].toLowerCase();
  if (given !== undefined && given !== 'http:' && given !== 'https:') {
    throw new UrlError(`starts with ${given}, and only http and https links are taken`);
  }
  const url = /^https?:\/\/[^/\\?#]/i.test(trimmed) ? URL.parse(trimmed) : null;
  if (!url) throw new UrlError('is not a URL');
  if (url.username || url.password) throw new UrlError('contains a user name or password');
  // A letter beyond ASCII is kept as six or nine characters.
  if (url.href.length > maxUrlLength) throw new UrlError(`is longer than ${maxUrlLength} characters`);
  return url;
}

/**
 * A link as typed or exported, as a URL: as parseAbsoluteUrl, without fragment. A missing scheme means https.
 * @throws {UrlError} with the rest of a sentence that begins with the field's name
 */
export function parseUrl(text: string): URL {
  const trimmed = text.trim();
  const hasScheme = scheme.test(trimmed);
  const url = parseAbsoluteUrl(hasScheme ? trimmed : `https://${trimmed.replace(/^\/\//, '')}`);
  url.hostname = url.hostname.replace(/\.$/, '');
  if (!hasScheme && !url.hostname.includes('.')) throw new UrlError('is not a URL');
  url.hash = '';
  return url;
}
