import { receiveMail } from '../../src/services/replies/receiveMail.ts';
import { reclassifyInbound } from '../../src/services/replies/reclassifyInbound.ts';
import { mail, ours, samples, type Sample } from '../mail/mails.ts';
import { OutreachBench } from '../suppression/support.ts';
import { outreachOf } from '../support/outreach.ts';

let bench: OutreachBench;
beforeAll(async () => {
  bench = await OutreachBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.query('truncate prospects, jobs, activities, email_messages, suppressions, inbound_messages, webhooks cascade'));

const outreach = outreachOf({ mailFrom: 'Me <me@outrider.example>' });
const receive = (raw: string | Buffer) => receiveMail({ em: bench.bench.orm.em.fork(), outreach }, { raw: Buffer.from(raw), source: 'http' });
const inbound = () => bench.query('select kind, sender, subject, excerpt, details, email_message_id, prospect_id from inbound_messages order by id');
const sample = (name: string) => samples.find((known) => known.name === name)!.raw;
const reply = (headers: Record<string, string> = {}, body?: string) =>
  mail({ From: 'Ada <ada@acme.example>', Subject: 'Re: Hello', 'Message-ID': `<${Math.random()}@acme.example>`, 'In-Reply-To': ours, ...headers }, body);

/** A prospect to whom `ours` was sent, with a follow-up and a social message that wait. */
async function contacted(status = 'sent'): Promise<{ prospectId: string; messageId: string }> {
  const prospectId = await bench.prospect('ada', { email: 'ada@acme.example' });
  const messageId = await bench.email(prospectId, 'sent');
  await bench.query(`update email_messages set message_id = $2 where id = $1`, [messageId, ours]);
  await bench.query(`update prospects set sent_at = now() where id = $1`, [prospectId]);
  if (status !== 'sent') await setStatus(messageId, status);
  await bench.email(prospectId, 'queued', { followUp: true });
  await bench.social(prospectId, 'deferred');
  return { prospectId, messageId };
}

/** As if it had always been so. */
const setStatus = (messageId: string, status: string) =>
  bench.query(`set session_replication_role = replica; update email_messages set status = '${status}' where id = '${messageId}'; set session_replication_role = default`);

const statusOf = async (messageId: string) => (await bench.query('select status from email_messages where id = $1', [messageId]))[0].status;
const waiting = async (prospectId: string) => (await bench.messages(prospectId)).filter(({ status }) => status === 'queued' || status === 'deferred').length;

describe('of each kind', () => {
  const effects: Record<Sample['kind'], { status: string; stage: string; waiting: number }> = {
    reply: { status: 'replied', stage: 'replied', waiting: 0 },
    auto_reply: { status: 'sent', stage: 'sent', waiting: 2 },
    bounce: { status: 'bounced', stage: 'sent', waiting: 0 },
    delivery_report: { status: 'sent', stage: 'sent', waiting: 2 },
    complaint: { status: 'complained', stage: 'excluded', waiting: 0 },
  };
  const ofEachKind = [...new Map(samples.map((one) => [one.kind, one])).values()];

  test.each(ofEachKind)('$kind has its effects, and is kept', async ({ raw, kind }) => {
    const { prospectId, messageId } = await contacted();
    expect(await receive(raw)).toMatchObject({ kind, messageId, prospectId, isDuplicate: false });
    expect({ status: await statusOf(messageId), stage: await bench.stageOf(prospectId), waiting: await waiting(prospectId) }).toEqual(effects[kind]);
    expect(await inbound()).toMatchObject([{ kind, email_message_id: messageId, prospect_id: prospectId }]);
    expect((await bench.query('select raw from inbound_messages'))[0].raw).toEqual(Buffer.from(raw));
  });
});

describe('a reply', () => {
  test('is recorded with an activity and an event, without personal data', async () => {
    const { prospectId, messageId } = await contacted();
    await bench.query(`insert into webhooks (id, url, events, secret) values ('0192f3a0-7c1e-7a3b-9d54-0c6f6f1e2a11', 'https://hooks.example', '{message.replied}', 's')`);
    await receive(reply({}, 'Yes, please.\n\n> Hello\n'));
    expect(await bench.query(`select actor, from_state, to_state, subject_id from activities where action = 'message.replied'`)).toEqual([
      { actor: 'recipient', from_state: 'sent', to_state: 'replied', subject_id: messageId },
    ]);
    const [{ event, payload }] = await bench.query('select event, payload from webhook_deliveries');
    expect(event).toBe('message.replied');
    expect(JSON.stringify(payload)).not.toMatch(/ada|acme/);
    expect(await inbound()).toMatchObject([{ sender: 'ada@acme.example', subject: 'Re: Hello', excerpt: 'Yes, please.', prospect_id: prospectId }]);
  });

  test('that comes again changes nothing', async () => {
    const { messageId } = await contacted();
    const raw = reply();
    const first = await receive(raw);
    expect(await receive(raw)).toEqual({ ...first, isDuplicate: true });
    expect(await inbound()).toHaveLength(1);
    expect(await statusOf(messageId)).toBe('replied');
  });

  test('that comes ten times at once is taken once', async () => {
    await contacted();
    const raw = reply();
    const all = await Promise.all(Array.from({ length: 10 }, () => receive(raw)));
    expect(all.filter(({ isDuplicate }) => !isDuplicate)).toHaveLength(1);
    expect(await bench.query(`select from activities where action = 'message.replied'`)).toHaveLength(1);
  });

  test('from another address of theirs counts, because it names our message', async () => {
    const { messageId } = await contacted();
    await receive(reply({ From: 'assistant@elsewhere.example', Subject: 'Yes' }));
    expect(await statusOf(messageId)).toBe('replied');
  });

  test.each(['Re: Hello', 'AW: Re: Hello', 'Réf : hello', '[EXTERNAL] RE: Hello', 'Antw: Hello', 'Hello'])('without an id counts by its sender and the subject %j', async (subject) => {
    const { messageId } = await contacted();
    await receive(mail({ From: 'ADA@acme.example', Subject: subject }));
    expect(await statusOf(messageId)).toBe('replied');
  });

  test.each([
    ['about something else', { From: 'ada@acme.example', Subject: 'Invoice' }],
    ['of somebody else with the same subject', { From: 'eve@evil.example', Subject: 'Re: Hello' }],
    ['of our own', { From: 'me@outrider.example', Subject: 'Re: Hello', 'In-Reply-To': ours }],
  ])('%s belongs to no message', async (_, headers) => {
    const { messageId, prospectId } = await contacted();
    expect(await receive(mail(headers))).toMatchObject({ kind: 'unrelated', messageId: null, prospectId: null });
    expect(await statusOf(messageId)).toBe('sent');
    expect(await waiting(prospectId)).toBe(2);
  });

  test('to a message whose outcome was unknown says that it was sent', async () => {
    const { messageId, prospectId } = await contacted('outcome_unknown');
    await receive(reply());
    expect(await statusOf(messageId)).toBe('replied');
    expect(await bench.stageOf(prospectId)).toBe('replied');
  });

  test.each(['bounced', 'complained', 'replied', 'failed'])('to a message that is %s is recorded, and stops what waits', async (status) => {
    const { messageId, prospectId } = await contacted(status);
    expect(await receive(reply())).toMatchObject({ kind: 'reply', messageId });
    expect(await statusOf(messageId)).toBe(status);
    expect(await bench.stageOf(prospectId)).toBe('replied');
    expect(await waiting(prospectId)).toBe(0);
  });

  test('that is here before its message is written down as sent waits for it', async () => {
    const { messageId } = await contacted('sending');
    const receiving = receive(reply());
    await setStatus(messageId, 'sent');
    await receiving;
    expect(await statusOf(messageId)).toBe('replied');
  });
});

describe('a bounce', () => {
  test('of an address that does not exist blocks it for every prospect that has it', async () => {
    const { prospectId } = await contacted();
    const other = await bench.prospect('namesake', { email: 'ada@acme.example' });
    await receive(sample('a bounce of Postfix'));
    expect((await bench.find(prospectId)).email_blocked).toBe(true);
    expect((await bench.find(other)).email_blocked).toBe(true);
  });

  test('of a full mailbox blocks nothing', async () => {
    const { prospectId, messageId } = await contacted();
    await receive(sample('a full mailbox, which says nothing against the address'));
    expect(await statusOf(messageId)).toBe('bounced');
    expect((await bench.find(prospectId)).email_blocked).toBe(false);
  });

  test('without any id is found by the address that it names', async () => {
    const { messageId } = await contacted();
    await receive(sample('a bounce of Postfix').replaceAll(ours, ''));
    expect(await statusOf(messageId)).toBe('bounced');
  });

  test('of a message that was answered changes nothing', async () => {
    const { messageId, prospectId } = await contacted('replied');
    await receive(sample('a bounce of Postfix'));
    expect(await statusOf(messageId)).toBe('replied');
    expect((await bench.find(prospectId)).email_blocked).toBe(false);
  });

  test('of a message whose outcome was unknown decides it', async () => {
    const { messageId, prospectId } = await contacted('outcome_unknown');
    await receive(sample('a bounce of Postfix'));
    expect(await statusOf(messageId)).toBe('bounced');
    expect(await bench.stageOf(prospectId)).toBe('sent');
  });
});

describe('a complaint', () => {
  test('suppresses the address, also when the message was answered before', async () => {
    const { messageId, prospectId } = await contacted('replied');
    await receive(sample('a complaint of a feedback loop'));
    expect(await statusOf(messageId)).toBe('replied');
    expect(await bench.stageOf(prospectId)).toBe('excluded');
    expect(await bench.query('select kind, reason from suppressions')).toEqual([{ kind: 'email', reason: 'complained' }]);
  });

  test('about a message whose outcome was unknown says that it was sent', async () => {
    const { messageId } = await contacted('outcome_unknown');
    await receive(sample('a complaint of a feedback loop'));
    expect(await statusOf(messageId)).toBe('complained');
  });
});

test('when one part of it fails, nothing of it has happened', async () => {
  const { messageId, prospectId } = await contacted();
  await bench.query('alter table activities rename to activities_away');
  await expect(receive(reply())).rejects.toThrow('activities');
  await bench.query('alter table activities_away rename to activities');
  expect(await inbound()).toEqual([]);
  expect(await statusOf(messageId)).toBe('sent');
  expect(await waiting(prospectId)).toBe(2);
  await receive(reply());
  expect(await statusOf(messageId)).toBe('replied');
});

test('without the social tables a reply counts all the same', async () => {
  const { messageId } = await contacted();
  await bench.query('alter table social_messages rename to social_messages_away');
  await receive(reply());
  await bench.query('alter table social_messages_away rename to social_messages');
  expect(await statusOf(messageId)).toBe('replied');
});

test('ten megabytes that are no mail are kept as unrelated', async () => {
  expect(await receive(Buffer.alloc(10 * 1024 * 1024, 'From: x\n'))).toMatchObject({ kind: 'unrelated' });
});

describe('looking again', () => {
  const again = () => reclassifyInbound({ em: bench.bench.orm.em.fork(), outreach });

  test('does what a better classifier finds, once', async () => {
    const { messageId, prospectId } = await contacted();
    await receive(reply());
    await bench.query(`update inbound_messages set kind = 'unrelated', classifier = 0, email_message_id = null, prospect_id = null`);
    await setStatus(messageId, 'sent');
    await bench.query('update prospects set replied_at = null');
    expect(await again()).toEqual({ lookedAt: 1, changed: 1, remaining: 0 });
    expect(await statusOf(messageId)).toBe('replied');
    expect(await inbound()).toMatchObject([{ kind: 'reply', prospect_id: prospectId }]);
    expect(await again()).toEqual({ lookedAt: 0, changed: 0, remaining: 0 });
  });

  test('leaves what a person decided since, where the answer is the same', async () => {
    const { prospectId } = await contacted();
    await receive(sample('a complaint of a feedback loop'));
    await bench.query(`delete from suppressions`);
    await bench.query(`update prospects set excluded_at = null`);
    await bench.query(`update inbound_messages set classifier = 0`);
    expect(await again()).toEqual({ lookedAt: 1, changed: 0, remaining: 0 });
    expect(await bench.stageOf(prospectId)).toBe('sent');
  });
});
