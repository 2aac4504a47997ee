import { describe, expect, test } from '@jest/globals';
import { createFormatError } from '../../src/app/formatError.ts';
import { createLogger } from '../../src/config/logger.ts';
import { linksIn } from '../../src/discovery/platforms/links.ts';
import { readNote } from '../../src/discovery/platforms/readNote.ts';
import { addressesOf, undisguised } from '../../src/discovery/website/addresses.ts';
import { readDocument } from '../../src/discovery/website/document.ts';
import { objectsToAdvertising } from '../../src/discovery/website/objection.ts';
import { elsewhere } from '../../src/discovery/website/profiles.ts';
import { ownerOf } from '../../src/discovery/website/structuredData.ts';
import { normalizeEmailAddress } from '../../src/domain/emailAddress.ts';
import { Channel, Platform } from '../../src/domain/enums.ts';
import { profileUrlOfHandle } from '../../src/domain/handle.ts';
import { defused, restored } from '../../src/domain/spreadsheetCell.ts';
import { parseUrl } from '../../src/domain/url.ts';
import { findForeignLink } from '../../src/languageModel/findForeignLink.ts';
import { findPlaceholder } from '../../src/languageModel/findPlaceholder.ts';
import { classify } from '../../src/mail/classify.ts';
import { DateTime } from '../../src/schema/dateTime.ts';
import { EmailAddress } from '../../src/schema/emailAddress.ts';
import { UrlScalar } from '../../src/schema/url.ts';
import { fold } from '../../src/services/import/columnNames.ts';
import { readRow } from '../../src/services/import/row.ts';
import { compileTemplate } from '../../src/services/drafts/compileTemplate.ts';
import { lintDraft } from '../../src/services/drafts/lintDraft.ts';
import { readAddressee } from '../../src/services/suppression/suppressed.ts';

/** What an expression that backtracks gets lost in: a long beginning that nearly fits, and an end that does not. */
const attacks: Readonly<Record<string, (length: number) => string>> = {
  letters: (n) => 'a'.repeat(n),
  'letters and NUL': (n) => `${'a'.repeat(n)}\0`,
  'dotted names': (n) => `a@${'a.'.repeat(n / 2)}\0`,
  'names before an @': (n) => `${'a.-'.repeat(n / 3)}@`,
  'a name with dots behind its @': (n) => `0@${'0.-'.repeat(n / 3)}0@`,
  '@@@': (n) => '@'.repeat(n),
  blanks: (n) => `a${' '.repeat(n)}a`,
  tabs: (n) => `a${'\t'.repeat(n)}\n.`,
  'line breaks': (n) => '\r\n'.repeat(n / 2),
  'folded lines': (n) => 'a:\r\n '.repeat(n / 5),
  parentheses: (n) => '('.repeat(n),
  brackets: (n) => '['.repeat(n),
  'brackets with a word': (n) => '[a '.repeat(n / 3),
  braces: (n) => '{'.repeat(n),
  'braces with percent': (n) => '{%'.repeat(n / 2),
  'angle brackets': (n) => '<'.repeat(n),
  'opened tags': (n) => '<a '.repeat(n / 3),
  'opened scripts': (n) => '<script'.repeat(n / 7),
  'opened ids': (n) => 'message-id: <a'.repeat(n / 14),
  'a link that ends in marks': (n) => `http://a.org/${'!'.repeat(n)}a`,
  links: (n) => 'http://a'.repeat(n / 8),
  slashes: (n) => `http://a.org${'/'.repeat(n)}a`,
  dots: (n) => `http://${'.'.repeat(n)}a`,
  quotes: (n) => `'${"'".repeat(n)}a`,
  commas: (n) => ','.repeat(n),
  digits: (n) => `${'1'.repeat(n)}a`,
  'grouped digits': (n) => `1${',000'.repeat(n / 4)}a`,
  'suggestions of another': (n) => ' Did you mean D'.repeat(n / 15),
  data: (n) => '<data>'.repeat(n / 6),
  'disguised addresses': (n) => 'a AT a DOT '.repeat(n / 11),
};

const quietly = (run: (text: string) => unknown) => (text: string): unknown => {
  try {
    return run(text);
  } catch {
    return null;
  }
};

const cellsOf = (given: Record<string, unknown>) => ({ value: (field: string) => given[field], values: (field: string) => (given[field] === undefined ? [] : [given[field]]), column: (field: string) => field });
const formatError = createFormatError(createLogger('silent'));
const mail = (head: string, body = '', type = 'text/plain') => Buffer.from(`From: mailer-daemon@example.org\r\nContent-Type: ${type}\r\n${head}\r\n\r\n${body}`);
const report = (field: string, text: string, kind = 'delivery-status') =>
  mail('', `--b\r\nContent-Type: message/${kind}\r\n\r\nReporting-MTA: dns; a\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n${field}: ${text}\r\n\r\n--b--\r\n`, 'multipart/report; boundary=b');

/** Whoever reads what others wrote, with all that may be in it. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  'an e-mail address': normalizeEmailAddress,
  'the scalars': (text) => [DateTime, EmailAddress, UrlScalar].map((scalar) => quietly((value) => scalar.parseValue(value))(text)),
  'a URL': parseUrl,
  'a handle': (text) => Object.values(Platform).map((platform) => quietly((handle) => profileUrlOfHandle(platform, handle))(text)),
  'a handle and a domain that are suppressed': (text) => [quietly((domain) => readAddressee({ domain }))(text), ...Object.values(Platform).map((platform) => quietly((handle) => readAddressee({ handle, platform }))(text))],
  'a cell of a spreadsheet': (text) => restored(defused(text)),
  'the name of a column': fold,
  'a row of a file': (text) => ['profileUrl', 'username', 'email', 'displayName', 'bioText', 'externalLinks', 'tags', 'followerCount', 'engagementRate', 'scrapedAt', 'emailStatus', 'website', 'sourcePlatform'].map((field) => quietly((value) => readRow(cellsOf({ displayName: 'Ada', email: 'ada@example.org', [field]: value })))(text)),
  'a draft': (text) => lintDraft({ channel: Channel.EMAIL, subject: text, body: text }),
  'what a model wrote': (text) => [findForeignLink(text, 'Hello'), findPlaceholder(text, '')],
  'a page and a note of a platform': (text) => [undisguised(text), linksIn(text), readNote(text)],
  'an address in a link, and in the text of a page': (text) => addressesOf({ ...readDocument(''), text, links: [{ href: `mailto:${text}`, text, rel: [], framed: false }], encodedAddresses: [Buffer.from(`\0${text}`).toString('hex')] }, null, 'home', 'example.org'),
  'the structured data of a page': (text) => [text, `{}${text}{}`, `<!--${text}{}`, `{}//${text}]]>`].map((script) => ownerOf([script])),
  'the profiles that a page names': (text) => elsewhere([], [text, ...['github.com', 'www.linkedin.com', 'mastodon.example/@a'].map((host) => `https://${host}/${text}`)], new URL('https://example.org')),
  'what a page says of advertising': (text) => objectsToAdvertising(text, -1, true),
  'an error that quotes what was sent': (text) => formatError({ message: text, extensions: { code: 'BAD_USER_INPUT' } }, new Error(text)),
};

const headers = ['Date', 'Subject', 'From', 'In-Reply-To', 'References', 'X-Failed-Recipients', 'Auto-Submitted', 'Content-Type', 'X-Auto-Response-Suppress', 'Precedence', 'Return-Path'];
const mails: Readonly<Record<string, (text: string) => Uint8Array>> = {
  ...Object.fromEntries(headers.map((name) => [`the header ${name}`, (text: string) => mail(`${name}: ${text.replaceAll(/[\r\n\0]/g, ' ')}`)])),
  'a text': (text) => mail('', text),
  'an HTML text': (text) => mail('', text, 'text/html'),
  'a recipient of a report': (text) => report('Final-Recipient', `rfc822; ${text.replaceAll(/[\r\n\0]/g, ' ')}`),
  'a diagnosis of a report': (text) => report('Diagnostic-Code', text),
  'a recipient of a complaint': (text) => report('Original-Rcpt-To', text.replaceAll(/[\r\n\0]/g, 'a'), 'feedback-report'),
  'the headers that came back': (text) => report('x', `a\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: ${text}`),
};

/** CPU of this thread alone: what collects garbage beside it, and other processes, are left out. */
async function cpuMs(run: () => unknown): Promise<number> {
  const before = process.threadCpuUsage();
  await run();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

const times = 8;

/** What grows with the length takes 8 times as long, what grows with its square 64 times: the bound is as far from the one as from the other. */
const mostGrowth = 22;

/** CPU for eight times as much, in units of what an eighth of it takes; 1 where it is too little to be measured. */
async function growth(run: (text: string) => unknown, attack: (length: number) => string): Promise<number> {
  const most = 16_000;
  const long = attack(most);
  let whole = await cpuMs(() => run(long));
  if (whole < 60) return 1;
  const short = attack(most / times);
  let part = Infinity;
  // The least of each is the one that other work disturbed least. What grows with the square does so in every attempt.
  for (let attempt = 0; attempt < 10; attempt += 1) {
    whole = Math.min(whole, await cpuMs(() => run(long)));
    part = Math.min(part, await cpuMs(() => run(short)));
    if (whole < mostGrowth * part) break;
  }
  return whole / part;
}

async function tooSlow(run: (text: string) => unknown): Promise<string[]> {
  const found: string[] = [];
  for (const [name, attack] of Object.entries(attacks)) {
    const grown = await growth(run, attack);
    if (grown > mostGrowth) found.push(`${name}: ${times} times as much takes ${grown.toFixed(0)} times as long`);
  }
  return found;
}

describe('a text of any length costs no more than its length', () => {
  test.each(Object.entries(readers))('as %s', async (_, read) => {
    expect(await tooSlow(quietly(read))).toEqual([]);
  });

  test.each(Object.entries(mails))('in a mail, as %s', async (_, make) => {
    expect(await tooSlow((text) => classify(make(text)))).toEqual([]);
  });
});

/** Templates that use many variables, or one that is long. */
const templates: Readonly<Record<string, (length: number) => string>> = {
  outputs: (n) => '{{a}}'.repeat(n / 5),
  'an expression without end': (n) => `{%if ${'a and '.repeat(n / 6)}a%}{%endif%}`,
  'filters without end': (n) => `{{a${'|append:a'.repeat(n / 9)}}}`,
  'arguments without end': (n) => `{{a|append:a${',a'.repeat(n / 2)}}}`,
  'lines of one tag': (n) => `{%liquid\n${'assign a=b\n'.repeat(n / 11)}%}`,
};

test.each(Object.entries(templates))('a template costs no more than its length to read: %s', async (_, make) => {
  expect(await growth(compileTemplate, make)).toBeLessThan(mostGrowth);
});

test('what grows with the square is seen', async () => {
  expect(await growth((text) => /[.,;:!?…]+$/u.test(text), attacks['a link that ends in marks']!)).toBeGreaterThan(mostGrowth);
});
