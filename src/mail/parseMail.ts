import PostalMime, { type Address, type Email } from 'postal-mime';
import { EmailAddressError, normalizeEmailAddress } from '../domain/emailAddress.ts';

/** Bytes that are taken apart: headers, text and reports come before what is attached. */
const maxParsed = 256 * 1024;
/** Lines that may be boundaries: the time grows with the square of the parts, up to minutes for one mail. */
const maxBoundaries = 500;
/** Characters of a text that are looked at; what matters stands at its beginning. */
const maxText = 100_000;
const maxIds = 200;

/** Deeper or larger than any mail that somebody wrote. */
const limits = { maxNestingDepth: 40, maxHeadersSize: 128 * 1024, maxRfc822NestingDepth: 0 };

/** A mail as far as classifying needs it. Nothing in it can be trusted. */
export interface ParsedMail {
  /** header in lower case → its values in order, unfolded */
  headers: ReadonlyMap<string, readonly string[]>;
  /** normalised address of From, or what stands there; null for an empty one */
  from: string | null;
  subject: string;
  date: Date | null;
  /** of this mail; with its angle brackets, as all ids here */
  messageId: string | null;
  /** what it says it answers: In-Reply-To, then References from the last to the first */
  references: string[];
  /** plain, made from HTML where there is nothing else */
  text: string;
  /** MIME type in lower case → contents as text, of the parts that are no running text */
  parts: readonly { type: string; content: string }[];
}

/**
 * Takes a mail apart, whatever it is: one that is no sound MIME is read as headers and a text. Never rejects.
 *
 * @param raw RFC 5322
 */
export async function parseMail(raw: Uint8Array): Promise<ParsedMail> {
  const email = await parseMime(raw);
  const headers = new Map<string, string[]>();
  for (const { key, value } of email.headers) {
    const values = headers.get(key) ?? [];
    headers.set(key, [...values, storable(value)]);
  }
  const idsIn = (...names: string[]) => names.flatMap((name) => headers.get(name) ?? []).flatMap(messageIds);
  return {
    headers,
    from: addressOf(email.from),
    subject: storable(email.subject ?? '').slice(0, 1_000),
    date: dateOf(headers.get('date')?.[0]),
    messageId: idsIn('message-id')[0] ?? null,
    references: [...new Set([...idsIn('in-reply-to'), ...idsIn('references').toReversed()])].slice(0, maxIds),
    text: storable(email.text ?? textOf(email.html ?? '')).slice(0, maxText),
    parts: email.attachments.map(({ mimeType, content }) => ({ type: mimeType.toLowerCase(), content: decode(content) })),
  };
}

/** The Message-IDs in a text, with their angle brackets. */
export function messageIds(text: string): string[] {
  return (text.slice(0, maxText).match(/<[^<>\s@]{1,250}@[^<>\s@]{1,250}>/g) ?? []).slice(0, maxIds);
}

async function parseMime(raw: Uint8Array): Promise<Pick<Email, 'headers' | 'from' | 'subject' | 'text' | 'html' | 'attachments'>> {
  const start = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, maxParsed));
  try {
    if (start.toString('latin1').split('\n--', maxBoundaries + 1).length > maxBoundaries) throw new RangeError('too many parts');
    return await PostalMime.parse(start, { ...limits, forceRfc822Attachments: true });
  } catch {
    // Too deep or too large to be taken apart: its beginning still says what it is.
    const head = await PostalMime.parse(beginning(start), { maxNestingDepth: 1, maxHeadersSize: limits.maxHeadersSize });
    return { ...head, attachments: [] };
  }
}

/** The first headers and the first lines, as a plain text. */
function beginning(raw: Buffer): string {
  const text = raw.toString('latin1', 0, maxParsed / 4);
  const [head = '', ...body] = text.split(/\r?\n\r?\n/);
  return `${head.slice(0, 64 * 1024).replace(/^content-type:.*(\r?\n[ \t].*)*/gim, 'X-Content-Type: unreadable')}\r\n\r\n${body.join('\r\n\r\n')}`;
}

function addressOf(from: Address | undefined): string | null {
  const text = from?.address?.trim() || from?.group?.[0]?.address.trim() || '';
  try {
    return normalizeEmailAddress(text);
  } catch (error) {
    if (!(error instanceof EmailAddressError)) throw error;
    return storable(text).toLowerCase().slice(0, 320) || null;
  }
}

function dateOf(text: string | undefined): Date | null {
  const date = new Date(text?.slice(0, 200).replace(/\([^)]*\)/g, '') ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

function decode(content: ArrayBuffer | Uint8Array | string): string {
  if (typeof content === 'string') return storable(content).slice(0, maxText);
  const bytes = content instanceof Uint8Array ? content : new Uint8Array(content);
  return storable(new TextDecoder().decode(bytes.subarray(0, maxText)));
}

/** A text that is only HTML, roughly; in linear time, whatever it is. */
function textOf(html: string): string {
  return withoutBlocks(html.slice(0, maxText))
    .replace(/<(br|\/p|\/div|\/tr|\/li|\/h[1-6])\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

function withoutBlocks(html: string): string {
  const [first = '', ...blocks] = html.split(/<(?=(?:style|script|head)\b)/i);
  return first + blocks.map((block) => block.replace(/^(\w+)[^]*?(<\/\1>|$)/i, ' ')).join('');
}

/** PostgreSQL keeps neither NUL nor lone surrogates. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}
