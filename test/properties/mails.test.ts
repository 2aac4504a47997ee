import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc, { type Arbitrary } from 'fast-check';
import PostalMime from 'postal-mime';
import { readEnvironment } from '../../src/config/environment.ts';
import { onOneLine } from '../../src/domain/text.ts';
import { composeMail, type Mail } from '../../src/mail/composeMail.ts';
import { deliverMail } from '../../src/mail/deliverMail.ts';
import { addressOf, readMailbox } from '../../src/mail/mailFrom.ts';
import { EmailAddress } from '../../src/schema/emailAddress.ts';
import { compileDraftTemplate } from '../../src/services/drafts/draftTemplate.ts';
import { outreachOf } from '../support/outreach.ts';
import { hostileEmail, hostileText, hostileTexts } from './hostile.ts';
import { openMailTrap, type Conversation, type MailTrap } from './mailTrap.ts';
import { runsOf, seedOfRun, timeoutMs } from './runs.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
const dkim = { domain: 'sender.example', selector: 'outrider', privateKey };

let trap: MailTrap;
beforeAll(async () => {
  trap = await openMailTrap();
});
beforeEach(() => {
  trap.conversations.length = 0;
});
afterAll(() => trap.close());

const runs = { seed: seedOfRun, numRuns: runsOf(60), endOnFailure: true };

/** What breaks mails, rather than databases or templates: ends of lines and of texts, headers, boundaries, encodings within encodings. */
const breakers = [
  '\r\n.\r\n', '\n.\n', '\r.\r', '.', '..', '\r\n..\r\n', '.\r\n', '\r\n\r\n', '\n\n', '\r', '\n', '\r\nBcc: x@evil.example\r\n', '\nTo: x@evil.example', '\rCc: x@evil.example\r', '\r\n.\r\nMAIL FROM:<x@evil.example>\r\nRCPT TO:<y@evil.example>\r\nDATA\r\n', '\u0085Bcc: x', '\u2028Bcc: x', '\vBcc: x', '\fBcc: x',
  '=?UTF-8?Q?=0D=0ABcc:_x@evil.example?=', '=?UTF-8?B?DQpCY2M6IHhAZXZpbC5leGFtcGxl?=', '=0D=0A', '=\r\n', '--', '----_NmP', '--=_boundary', 'Content-Type: text/html', 'From x@evil.example Mon', '\tfolded', ' folded', 'x'.repeat(998), 'é'.repeat(600), '👍'.repeat(300), 'x '.repeat(600), `${'y'.repeat(997)}.`, '<x@evil.example>', ', x@evil.example', '; x@evil.example', '"', '\\', '\\"', '(', '"a" <x@evil.example>',
];
const piece = fc.oneof({ weight: 2, arbitrary: hostileText.filter((text) => text.length < 6_000) }, { weight: 3, arbitrary: fc.constantFrom(...breakers) });
/** As a database keeps it: it has neither NUL nor halves of pairs. */
const kept = (text: string) => text.replaceAll('\0', '').toWellFormed();
const text: Arbitrary<string> = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => kept(pieces.join('')));
const address = fc.oneof(hostileEmail, fc.emailAddress()).map((given) => {
  try {
    return EmailAddress.parseValue(given) as string;
  } catch {
    return 'bob@recipient.example';
  }
});
const name: Arbitrary<string> = fc.oneof(fc.constantFrom('Doe, Ada', 'Ada: friends;', 'Ada @ Work', 'Ada (CEO)', '"Ada" Doe', 'Ädä Müller', '李雷', 'Ada\\', "O'Neil", 'a, x@evil.example', '👩‍💻 Ada', 'x'.repeat(250), 'é '.repeat(120), ''), piece.map((one) => kept(one).replaceAll(/[<>\p{Cc}]|=\?/gu, ''))).filter((one) => one.length < 280);

/** Who sends as the settings let it be. */
const sender = name.map((one) => ({ name: one, mailFrom: one === '' ? 'ada@sender.example' : `${one} <ada@sender.example>` }));

const messageId = fc.uuid().map((id) => `<${id}@sender.example>`);
const mail: Arbitrary<Mail> = fc.record({
  id: fc.uuid({ version: 7 }), messageId, recipient: address, subject: fc.oneof(text.map(onOneLine), text), body: text, earlier: fc.oneof(fc.constant([]), fc.array(messageId, { minLength: 1, maxLength: 10 })),
});

async function send(mailFrom: string, one: Mail, signed: boolean): Promise<Conversation[]> {
  trap.conversations.length = 0;
  const outreach = { ...outreachOf({ publicUrl: 'https://outreach.example', ...(signed && { dkim }) }), mailFrom };
  const raw = await composeMail(outreach, one);
  const { outcome } = await deliverMail({ smtpUrl: trap.url, from: addressOf(mailFrom), to: one.recipient, raw, handOver: async () => {}, stopping: new AbortController().signal });
  expect(outcome).toBe('sent');
  return trap.conversations;
}

/** Every header that a mail of ours may have. */
const ours = ['from', 'to', 'subject', 'message-id', 'date', 'mime-version', 'content-type', 'content-transfer-encoding', 'list-unsubscribe', 'list-unsubscribe-post', 'in-reply-to', 'references', 'dkim-signature'];

/** What holds of the octets of any mail, whoever wrote what in it. */
function expectSound({ commands, data }: Conversation, recipient: string): string {
  expect(commands.filter((command) => !/^(EHLO|QUIT)/.test(command))).toEqual(['MAIL FROM:<ada@sender.example>', `RCPT TO:<${recipient}>`, 'DATA']);
  expect(data.replaceAll('\r\n', '')).not.toMatch(/[\r\n\0]/);
  const lines = data.split('\r\n');
  expect(lines.filter((line) => line.length > 998)).toEqual([]);
  // A client doubles the dot that a line begins with; a line that begins with one only would have ended the text, or lost it.
  expect(lines.filter((line) => line.startsWith('.') && !line.startsWith('..'))).toEqual([]);
  const plain = lines.map((line) => (line.startsWith('.') ? line.slice(1) : line)).join('\r\n');
  const head = plain.slice(0, plain.indexOf('\r\n\r\n'));
  expect(head).toMatch(/^[\t\r\n\x20-\x7e]*$/);
  const names = head.split(/\r\n(?![ \t])/).map((line) => line.slice(0, line.indexOf(':')).toLowerCase());
  expect(names.filter((one) => !ours.includes(one))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
  return plain;
}

/** The text as a reader of mails gets it: line ends are no part of what was written, nor is what a control character becomes. */
const readable = (given: string) => given.replaceAll(/\r\n?/g, '\n').replaceAll('\ufeff', '').replace(/\n+$/, '');
const shown = (given: string) => onOneLine(given.replaceAll('\ufeff', ' '));
const bytes = (plain: string) => Buffer.from(plain, 'latin1');

test('whatever prospects, templates and settings say: one mail to one person, with our headers and their text', async () => {
  await fc.assert(fc.asyncProperty(sender, mail, fc.boolean(), async ({ name: senderName, mailFrom }, one, signed) => {
    const conversations = await send(mailFrom, one, signed);
    expect(conversations).toHaveLength(1);
    const plain = expectSound(conversations[0]!, one.recipient);
    const read = await PostalMime.parse(bytes(plain));
    expect(read.to).toEqual([{ name: '', address: one.recipient }]);
    expect([read.cc, read.bcc, read.replyTo, read.attachments, read.html]).toEqual([undefined, undefined, undefined, [], undefined]);
    expect([shown(read.from!.name), read.from!.address]).toEqual([shown(readMailbox(mailFrom).name), 'ada@sender.example']);
    if (!senderName.includes('"')) expect(shown(read.from!.name)).toBe(shown(senderName));
    expect(shown(read.subject ?? '')).toBe(shown(one.subject));
    expect(readable(read.text ?? '')).toBe(readable(one.body));
    expect(read.messageId).toBe(one.messageId);
    expect([read.inReplyTo, read.references]).toEqual(one.earlier.length > 0 ? [one.earlier.at(-1), one.earlier.join(' ')] : [undefined, undefined]);
    const links = read.headers.filter(({ key }) => key.startsWith('list-unsubscribe')).map(({ value }) => value);
    expect(links).toEqual([expect.stringMatching(/^<https:\/\/outreach\.example\/unsubscribe\/[\w-]{43}>$/), 'List-Unsubscribe=One-Click']);
  }), runs);
}, timeoutMs);

test('a template that is filled with anything makes the same kind of mail', async () => {
  const template = compileDraftTemplate({ subject: 'For {{ displayName }}: {{ bioText }}', body: 'Dear {{ displayName }},\n{{ bioText }}\n{{ tags | join: ", " }}\n.\n' });
  await fc.assert(fc.asyncProperty(text, text, fc.array(text, { maxLength: 3 }), async (displayName, bioText, tags) => {
    const scope = { displayName, bioText, tags };
    const one = { id: '01936f3e-0000-7000-8000-000000000001', messageId: '<a@sender.example>', recipient: 'bob@recipient.example', subject: template.renderSubject(scope)!, body: template.renderBody(scope), earlier: [] };
    const [conversation] = await send('Ada <ada@sender.example>', one, false);
    const read = await PostalMime.parse(bytes(expectSound(conversation!, one.recipient)));
    expect(shown(read.subject ?? '')).toBe(shown(`For ${displayName}: ${bioText}`));
    expect(readable(read.text ?? '')).toBe(readable(one.body));
  }), { ...runs, numRuns: Math.ceil(runs.numRuns / 3) });
}, timeoutMs);

test.each([...breakers, ...hostileTexts.filter((one) => one.length < 100 && one === kept(one))].map((given) => ({ given, start: given.slice(0, 60) })))('as subject and as body $start changes no header', async ({ given }) => {
  const [conversation] = await send('Ada <ada@sender.example>', { id: '01936f3e-0000-7000-8000-000000000001', messageId: '<a@sender.example>', recipient: 'bob@recipient.example', subject: given, body: given, earlier: [] }, false);
  const read = await PostalMime.parse(bytes(expectSound(conversation!, 'bob@recipient.example')));
  expect([shown(read.subject ?? ''), readable(read.text ?? '')]).toEqual([shown(given), readable(given)]);
});

test.each([
  ['Doe, Ada <ada@sender.example>', 'Doe, Ada'], ['"Doe, Ada" <ada@sender.example>', 'Doe, Ada'], ['Ada: friends; <ada@sender.example>', 'Ada: friends;'], ['Ada (CEO) <ada@sender.example>', 'Ada (CEO)'], ['"A \\"B\\" C" <ada@sender.example>', 'A "B" C'], ['<ada@sender.example>', ''],
])('MAIL_FROM %s is one mailbox', async (mailFrom, senderName) => {
  const [conversation] = await send(mailFrom, { id: '01936f3e-0000-7000-8000-000000000001', messageId: '<a@b>', recipient: 'bob@recipient.example', subject: 's', body: 'b', earlier: [] }, false);
  expect((await PostalMime.parse(bytes(expectSound(conversation!, 'bob@recipient.example')))).from).toEqual({ name: senderName, address: 'ada@sender.example' });
});

test.each(['Ada\r\nBcc: x@evil.example <ada@sender.example>', 'Ada <ada@sender.example>, Bob <bob@sender.example>', 'a,b@sender.example', 'Ada <a,b@sender.example>', 'Ada <a;b@sender.example>', '"a b"@sender.example', 'Ada <ada@[127.0.0.1]>', 'Ada <ada@sender.example>\n'])('MAIL_FROM %j is refused', (mailFrom) => {
  expect(() => readEnvironment({ MAIL_FROM: mailFrom })).toThrow(/MAIL_FROM.*must look like/);
});

test('a MAIL_FROM that no header line could hold is refused', () => {
  expect(() => readEnvironment({ MAIL_FROM: `${'x'.repeat(998)} <ada@sender.example>` })).toThrow('320 characters or fewer');
});

test('an address in another script is written in punycode wherever it stands', () => {
  expect(addressOf('Ädä <Ada@MÜNCHEN.example>')).toBe('ada@xn--mnchen-3ya.example');
});
