import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { receiveMail } from '../../src/services/replies/receiveMail.ts';
import { mail, ours } from '../mail/mails.ts';
import { OutreachBench } from '../suppression/support.ts';
import { outreachOf } from '../support/outreach.ts';

let bench: OutreachBench;
beforeAll(async () => {
  bench = await OutreachBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.query('truncate prospects, activities, email_messages, suppressions, inbound_messages cascade'));

const outreach = outreachOf({ mailFrom: 'Me <me@outrider.example>' });
const receive = (raw: string | Buffer) => receiveMail({ em: bench.bench.orm.em.fork(), outreach }, { raw: Buffer.from(raw), source: 'http' });

/** Somebody with a mail of ours, `ours` for the first one, and a follow-up that waits. */
async function contacted(name: string, messageId = `<${name}@outrider.example>`): Promise<{ prospectId: string; messageId: string }> {
  const prospectId = await bench.prospect(name, { email: `${name}@acme.example` });
  const id = await bench.email(prospectId, 'sent');
  await bench.query('update email_messages set message_id = $2 where id = $1', [id, messageId]);
  await bench.query('update prospects set sent_at = now() where id = $1', [prospectId]);
  await bench.email(prospectId, 'queued', { followUp: true });
  return { prospectId, messageId: id };
}

/** Everything that a mail could have changed, but for the mails that are kept. */
const state = () => bench.query(`
  select (select jsonb_agg(to_jsonb(p) - 'updated_at' order by id) from prospects p) as prospects, (select jsonb_agg(to_jsonb(m) order by id) from email_messages m) as messages,
    (select jsonb_agg(to_jsonb(d) order by id) from email_drafts d) as drafts, (select count(*)::int from suppressions) as suppressions, (select count(*)::int from jobs) as jobs, (select count(*)::int from activities) as activities`);
const kinds = async () => (await bench.query<{ kind: string }>('select kind from inbound_messages order by received_at, id')).map(({ kind }) => kind);

const times = (count: number, make: (number: number) => string) => Array.from({ length: count }, (_, number) => make(number)).join('');
const head = `From: Ada <ada@acme.example>\r\nSubject: Re: Hello\r\n`;

describe('a mail that is made to be hard to read', () => {
  /** Milliseconds; what grows with the square of its size takes minutes. */
  const mostCpu = 15_000;

  test.each<[string, () => string | Buffer]>([
    ['with a hundred thousand headers', () => `${head}${times(100_000, (n) => `X-${n}: y\r\n`)}In-Reply-To: ${ours}\r\n\r\nYes`],
    ['with fifty thousand equal headers', () => `${head}In-Reply-To: ${ours}\r\n${'Received: from a by b\r\n'.repeat(50_000)}\r\nYes`],
    ['with a reference to a hundred thousand mails', () => `${head}In-Reply-To: ${ours}\r\nReferences:${times(100_000, (n) => ` <${n}@x.example>`)}\r\n\r\nYes`],
    ['with a header that is folded without end', () => `${head}In-Reply-To: ${ours}\r\nX-Folded: a${'\r\n b'.repeat(200_000)}\r\n\r\nYes`],
    ['with a thousand mails in each other', () => `${head}In-Reply-To: ${ours}\r\n${'Content-Type: message/rfc822\r\n\r\n'.repeat(1_000)}Subject: x\r\n\r\nYes`],
    ['with ten thousand parts in each other', () => `${head}In-Reply-To: ${ours}\r\n${times(10_000, (n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`)}`],
    ['with a boundary that is most of it', () => `${head}In-Reply-To: ${ours}\r\nContent-Type: multipart/mixed; boundary=${'-'.repeat(100_000)}\r\n\r\n${'-'.repeat(1_000_000)}`],
    ['with encoded words without end', () => `${head}In-Reply-To: ${ours}\r\nX: ${'=?UTF-8?B?QQ==?= '.repeat(60_000)}\r\n\r\nYes`],
    ['with a text in quoted-printable that never ends a line', () => `${head}In-Reply-To: ${ours}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${'=3D='.repeat(1_000_000)}`],
    ['with a text in base64 that is none', () => `${head}In-Reply-To: ${ours}\r\nContent-Transfer-Encoding: base64\r\n\r\n${'=%A'.repeat(2_000_000)}`],
    ['with NUL, bare CR and bytes of no character in its headers', () => Buffer.concat([Buffer.from(head), Buffer.from(`In-Reply-To: ${ours}\r\nX: a\0b\rBcc: c\xff\xfe\r\n\r\nYes`, 'latin1')])],
    ['of ten megabytes', () => `${head}In-Reply-To: ${ours}\r\n\r\n${'x'.repeat(10 * 1024 * 1024 - 200)}`],
  ])('%s is read in little time, and answers what it answers', async (_, make) => {
    const { prospectId } = await contacted('ada', ours);
    const raw = Buffer.from(make());
    const before = process.threadCpuUsage();
    const { kind } = await receive(raw);
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(mostCpu);
    // What says whom it answers may lie beyond what is looked at; then nothing happens.
    expect(['reply', 'unrelated']).toContain(kind);
    expect(await bench.stageOf(prospectId)).toBe(kind === 'reply' ? 'replied' : 'sent');
    expect((await bench.query('select octet_length(raw) as length from inbound_messages'))[0].length).toBe(raw.length);
  });
});

describe('a bounce that somebody made up', () => {
  const bounce = (recipients: string[], id = '<guessed@outrider.example>') =>
    `From: MAILER-DAEMON@evil.example\r\nSubject: Undelivered\r\nX-Failed-Recipients: ${recipients.join(', ')}\r\nReferences: ${id}\r\n\r\n550 5.1.1 user unknown\r\nMessage-ID: ${id}\r\n`;
  const report = (recipient: string) =>
    `From: MAILER-DAEMON@evil.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; ${recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n`;

  test('about addresses that nothing was sent to, or not lately, changes nothing', async () => {
    const waiting = await bench.prospect('waiting', { email: 'waiting@acme.example' });
    await bench.email(waiting, 'queued');
    await contacted('long');
    await bench.query(`update email_messages set sent_at = now() - interval '15 days', created_at = now() - interval '15 days' where status = 'sent'`);
    const before = await state();
    for (const raw of [bounce(['waiting@acme.example']), bounce(['long@acme.example']), bounce(['nobody@acme.example']), report('waiting@acme.example'), report('long@acme.example'), report("' or true --@x"), report('%@acme.example'), report('*')]) await receive(raw);
    expect(await state()).toEqual(before);
    expect(new Set(await kinds())).toEqual(new Set(['unrelated']));
  });

  test('that names everybody is about one message at most', async () => {
    const names = ['ada', 'bob', 'eve', 'joe'];
    for (const name of names) await contacted(name);
    await receive(bounce(names.map((name) => `${name}@acme.example`)));
    expect((await bench.query(`select count(*)::int as count from email_messages where status = 'bounced'`))[0].count).toBe(1);
  });

  test('with a Message-ID that is none of ours is about nothing', async () => {
    await contacted('ada', ours);
    const before = await state();
    for (const id of ['<guessed@outrider.example>', `${ours.slice(0, -1)}x>`, '<%@outrider.example>', "<' or 1=1@x>", '<*@*>']) await receive(bounce([], id));
    expect(await state()).toEqual(before);
  });
});

describe('a loop', () => {
  test('of automatic answers changes nothing and sends nothing, however many come', async () => {
    await contacted('ada', ours);
    const before = await state();
    for (let n = 0; n < 20; n += 1) await receive(mail({ From: 'Ada <ada@acme.example>', Subject: `${'Re: '.repeat(n)}Automatic reply`, 'Message-ID': `<${n}@acme.example>`, 'In-Reply-To': ours, 'Auto-Submitted': 'auto-replied' }));
    expect(await state()).toEqual(before.map((one: object) => ({ ...one, activities: expect.any(Number) })));
    expect(new Set(await kinds())).toEqual(new Set(['auto_reply']));
  });

  test('of mails of our own is no answer', async () => {
    const { prospectId } = await contacted('ada', ours);
    for (let n = 0; n < 5; n += 1) await receive(mail({ From: 'Me <ME@outrider.example>', Subject: 'Re: Hello', 'Message-ID': `<own${n}@outrider.example>`, 'In-Reply-To': ours }));
    expect(await bench.stageOf(prospectId)).toBe('sent');
    expect(new Set(await kinds())).toEqual(new Set(['unrelated']));
  });

  test('of replies changes what they answer once', async () => {
    const { messageId } = await contacted('ada', ours);
    for (let n = 0; n < 10; n += 1) await receive(mail({ From: 'Ada <ada@acme.example>', Subject: 'Re: Hello', 'Message-ID': `<${n}@acme.example>`, 'In-Reply-To': ours }));
    expect((await bench.query(`select count(*)::int as count from activities where subject_id = $1 and to_state = 'replied'`, [messageId]))[0].count).toBe(1);
    expect(await kinds()).toHaveLength(10);
  });
});
