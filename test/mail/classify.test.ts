import { classify } from '../../src/mail/classify.ts';
import { parseMail } from '../../src/mail/parseMail.ts';
import { mail, ours, samples } from './mails.ts';

test.each(samples)('$name is $kind, about our message', async ({ raw, kind, details }) => {
  const { answers, ...classified } = await classify(Buffer.from(raw));
  expect(classified).toMatchObject({ kind, ...(details && { details }) });
  expect(answers).toContain(ours);
});

test('of several recipients of a report the one that failed counts', async () => {
  const fields = 'Reporting-MTA: dns; x.example\n\nFinal-Recipient: rfc822; a@x.example\nAction: delivered\nStatus: 2.0.0\n\nFinal-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5.1.1\n';
  const raw = mail({ From: 'MAILER-DAEMON@x.example', 'Content-Type': 'multipart/report; report-type=delivery-status; boundary=b' }, `--b\n\nReport\n--b\nContent-Type: message/delivery-status\n\n${fields}\n--b--\n`);
  expect(await classify(Buffer.from(raw))).toMatchObject({ kind: 'bounce', recipients: ['b@x.example'], details: { status: '5.1.1' } });
});

test('a mail about nothing of ours answers nothing', async () => {
  expect((await classify(Buffer.from(mail({ From: 'x@y.example', Subject: 'Offer' })))).answers).toEqual([]);
});

test('details hold no addresses', async () => {
  const all = await Promise.all(samples.map(({ raw }) => classify(Buffer.from(raw))));
  expect(JSON.stringify(all.map(({ details }) => details))).not.toMatch(/@|ada/);
});

describe('whatever comes', () => {
  const deep = Array.from({ length: 5_000 }, (_, level) => `--b${level}\nContent-Type: multipart/mixed; boundary=b${level + 1}\n\n`).join('');
  test.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['bytes that are no text', Buffer.from(Array.from({ length: 4_096 }, (_, n) => (n * 7_919) % 256))],
    ['nesting without end', mail({ From: 'a@b.example', 'In-Reply-To': ours, 'Content-Type': 'multipart/mixed; boundary=b0' }, deep)],
    ['a hundred thousand parts', mail({ From: 'a@b.example', 'In-Reply-To': ours, 'Content-Type': 'multipart/mixed; boundary=b' }, '--b\n\nx\n'.repeat(100_000))],
    ['a header of megabytes', mail({ From: 'a@b.example', 'In-Reply-To': ours, 'X-Large': 'x'.repeat(3_000_000) })],
    ['a charset that does not exist', mail({ From: 'a@b.example', 'Content-Type': 'text/plain; charset=klingon' }, '\u00ff')],
    ['HTML that never closes', mail({ From: 'a@b.example', 'Content-Type': 'text/html' }, '<style'.repeat(100_000))],
    ['a report without fields', mail({ 'Content-Type': 'multipart/report; boundary=b' }, '--b\nContent-Type: message/delivery-status\n\n\n--b--\n')],
  ])('%s is classified', async (_, raw) => {
    const { kind, mail: parsed } = await classify(Buffer.from(raw));
    expect(kind).toMatch(/^\w+$/);
    expect(parsed.text.length).toBeLessThanOrEqual(100_000);
  });

  test('what cannot be taken apart still says what it answers', async () => {
    const raw = mail({ From: 'a@b.example', 'In-Reply-To': ours, 'Content-Type': 'multipart/mixed; boundary=b0' }, deep);
    expect(await classify(Buffer.from(raw))).toMatchObject({ kind: 'reply', answers: [ours] });
  });

  test('NUL and lone surrogates are replaced, because a database cannot keep them', async () => {
    const parsed = await parseMail(Buffer.from(mail({ From: 'a@b.example', Subject: '=?utf-16?Q?=D8=00?= a\0b' }, 'x\0y')));
    expect(parsed.subject).not.toContain('\0');
    expect(parsed.subject.isWellFormed()).toBe(true);
    expect(parsed.text).not.toContain('\0');
  });

  test('a text that is only HTML is read', async () => {
    const { text } = await parseMail(Buffer.from(mail({ 'Content-Type': 'text/html; charset=utf-8' }, '<head><title>t</title></head><p>Yes &amp; no</p><script>alert(1)</script>')));
    expect(text.trim()).toBe('Yes & no');
  });
});
