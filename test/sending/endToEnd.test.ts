import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import PostalMime from 'postal-mime';
import { startWorker, type Worker } from '../../src/app/worker.ts';
import { createLogger } from '../../src/config/logger.ts';
import { readUnsubscribeToken } from '../../src/mail/unsubscribeLink.ts';
import { toGlobalId } from '../../src/domain/globalId.ts';
import { startApi, type Api } from '../graphql/support.ts';
import { waitFor } from '../support/waitFor.ts';
import { addApprovedDrafts, mailOutreach, openMailSink, setSending, type MailSink, type Received } from './support.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2_048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const dkim = { domain: 'sender.example', selector: 'outrider', privateKey };

let sink: MailSink;
let api: Api;
let worker: Worker | undefined;
const bench = { query: (text: string, values?: unknown[]) => api.sql(text, values), addProspects: (count: number) => addProspects(count) };

beforeAll(async () => {
  sink = await openMailSink();
  api = await startApi(undefined, mailOutreach(sink.url, { dkim }));
});
afterEach(async () => {
  await worker?.stop();
  worker = undefined;
  sink.received.length = 0;
  await api.sql('truncate email_messages, email_drafts, job_chunks, job_targets, jobs, senders, settings, prospects cascade');
});
afterAll(async () => {
  await api.stop();
  await sink.close();
});

async function addProspects(count: number): Promise<string[]> {
  const rows = await api.sql<{ id: string }>(
    `insert into prospects (id, canonical_key, display_name, email, review_status)
     select gen_random_uuid(), 'example.org/' || n, 'Prospect ' || n, 'p' || n || '@example.org', 'approved' from generate_series(1, $1::int) n returning id`, [count],
  );
  return rows.map(({ id }) => id);
}

function work(): void {
  worker = startWorker({ orm: api.orm, url: api.databaseUrl, log: createLogger('silent'), outreach: mailOutreach(sink.url, { dkim }) });
}

async function sendMessages(input: object) {
  const { data, errors } = await api.ask(
    'mutation ($input: SendMessagesInput!) { sendMessages(input: $input) { job { id type status totalTargets } userErrors { code message field target allowed } } }', { input },
  );
  expect(errors).toBeUndefined();
  return data.sendMessages as { job: { id: string } | null; userErrors: { code: string; message: string }[] };
}

const jobNow = async (id: string) => (await api.ask('query ($id: ID!) { job(id: $id) { status waitingFor processed doneCount } }', { id })).data.job;

async function receive(count: number): Promise<Received[]> {
  await waitFor(() => sink.received.length === count);
  return sink.received;
}

describe('a mail as it arrives', () => {
  it('was sent by the API: queued, sent by a worker, counted by its job', async () => {
    const [draft] = await addApprovedDrafts(bench as never, 1);
    const { job, userErrors } = await sendMessages({ draftIds: [toGlobalId('Draft', draft!.id)] });
    expect(userErrors).toEqual([]);
    expect(job).toMatchObject({ type: 'SEND', status: 'PENDING', totalTargets: 1 });
    work();
    const [mail] = await receive(1);
    const parsed = await PostalMime.parse(mail!.raw);
    expect(parsed).toMatchObject({
      from: { name: 'Ada', address: 'ada@sender.example' }, to: [{ address: 'p1@example.org' }], subject: 'Hello p1@example.org',
      text: 'Dear p1@example.org,\nshall we talk?\n',
    });
    expect(Math.abs(Date.parse(parsed.date!) - Date.now())).toBeLessThan(60_000);
    const done = await waitFor(async () => ((await jobNow(job!.id)).status === 'SUCCEEDED' ? jobNow(job!.id) : null));
    expect(done).toMatchObject({ processed: 1, doneCount: 1, waitingFor: null });
  });

  it('carries a one-click unsubscribe link of exactly this message', async () => {
    const [draft] = await addApprovedDrafts(bench as never, 1);
    await sendMessages({ draftIds: [toGlobalId('Draft', draft!.id)] });
    work();
    const [mail] = await receive(1);
    const link = /^List-Unsubscribe: <(http:\/\/127\.0\.0\.1:4000\/unsubscribe\/([\w-]+))>\r?$/m.exec(mail!.raw);
    const [message] = await api.sql<{ id: string }>('select id from email_messages');
    expect(readUnsubscribeToken(mailOutreach(sink.url), link![2]!)).toBe(message!.id);
    expect(mail!.raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m);
  });

  it('is signed, with both List- headers under the signature', async () => {
    const [draft] = await addApprovedDrafts(bench as never, 1);
    await sendMessages({ draftIds: [toGlobalId('Draft', draft!.id)] });
    work();
    const [mail] = await receive(1);
    const { signed, isValid, bodyHashIsValid } = verifyDkim(mail!.raw);
    expect(signed).toEqual(expect.arrayContaining(['from', 'to', 'subject', 'date', 'message-id', 'list-unsubscribe', 'list-unsubscribe-post']));
    expect({ isValid, bodyHashIsValid }).toEqual({ isValid: true, bodyHashIsValid: true });
    expect(verifyDkim(mail!.raw.replace('One-Click', 'No-Click')).isValid).toBe(false);
  });

  it('of a follow-up stands below what was sent before', async () => {
    const [first] = await addApprovedDrafts(bench as never, 1);
    await sendMessages({ draftIds: [toGlobalId('Draft', first!.id)] });
    work();
    await receive(1);
    await waitFor(async () => (await api.sql('select from prospects where sent_at is not null')).length === 1);
    await api.sql(
      `insert into email_drafts (id, prospect_id, subject, body, fingerprint, approved_fingerprint, recipient, status, is_follow_up)
       select gen_random_uuid(), prospect_id, 'Re: Hello', 'Once more', 'f', 'f', recipient, 'approved', true from email_drafts`,
    );
    await sendMessages({ expectedCount: 1 });
    const [, second] = await receive(2);
    const [{ message_id: id }] = await api.sql('select message_id from email_messages where not is_follow_up') as [{ message_id: string }];
    expect(second!.raw).toContain(`In-Reply-To: ${id}`);
    expect(second!.raw).toContain(`References: ${id}`);
    await waitFor(async () => (await api.sql(`select from prospects where stage = 'followed_up'`)).length === 1);
  });

  it('has no header that a text could have made', async () => {
    const [draft] = await addApprovedDrafts(bench as never, 1);
    await api.sql(`update email_drafts set status = 'pending_review', approved_fingerprint = null`);
    await api.sql(`update email_drafts set subject = E'Hi\\r\\nBcc: evil@example.com\\r\\n\\r\\nEvil', body = E'.\\r\\n.\\nQUIT\\r\\n\\r\\nFrom: x', fingerprint = 'hostile'`);
    await api.sql(`update email_drafts set status = 'approved', approved_fingerprint = fingerprint`);
    await sendMessages({ draftIds: [toGlobalId('Draft', draft!.id)] });
    work();
    const [mail] = await receive(1);
    expect(mail!.to).toEqual(['p1@example.org']);
    const parsed = await PostalMime.parse(mail!.raw);
    expect(parsed.headers.map(({ key }) => key)).not.toContain('bcc');
    expect(parsed.subject).toContain('Hi');
    expect(parsed.text).toBe('.\n.\nQUIT\n\nFrom: x\n');
  });
});

describe('sendMessages', () => {
  it('says what it may not send', async () => {
    const [draft] = await addApprovedDrafts(bench as never, 1);
    await api.sql(`update email_drafts set status = 'pending_review', approved_fingerprint = null`);
    const { job, userErrors } = await sendMessages({ draftIds: [toGlobalId('Draft', draft!.id)] });
    expect(job).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'ILLEGAL_TRANSITION', field: ['input', 'draftIds', '0'], target: toGlobalId('Draft', draft!.id), allowed: ['APPROVED', 'REJECTED'] }]);
    expect((await sendMessages({ draftIds: ['nonsense'] })).userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'draftIds', '0'] }]);
    expect((await sendMessages({ expectedCount: 0, jobId: 'nonsense' })).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  it('answers a job that says what holds it, and until when', async () => {
    await setSending(bench, { dailyCap: 0 });
    await addApprovedDrafts(bench as never, 1);
    const { job } = await sendMessages({ expectedCount: 1 });
    work();
    const waitingFor = await waitFor(async () => (/Daily cap/.exec((await jobNow(job!.id)).waitingFor ?? '') ? (await jobNow(job!.id)).waitingFor : null));
    expect(waitingFor).toMatch(/^Daily cap: 0 of 0 messages have left today\. It goes on at \d{4}-\d\d-\d\dT00:00:00\.000Z\.$/);
  });
});

describe('the sender', () => {
  const question = '{ senders { channel address sentToday dailyCap blockedBy blockedUntil checkedAt records { kind found problem } } }';

  it('is listed before its first mail, without records', async () => {
    const { data } = await api.ask(question);
    expect(data.senders).toEqual([
      { channel: 'EMAIL', address: 'ada@sender.example', sentToday: 0, dailyCap: 500, blockedBy: null, blockedUntil: null, checkedAt: null, records: [] },
    ]);
  });

  it('has its DNS records looked up before the first mail; what is wrong is said, and keeps nothing from being sent', async () => {
    await setSending(bench, { dailyCap: 1 });
    const [draft] = await addApprovedDrafts(bench as never, 2);
    const input = { draftIds: [toGlobalId('Draft', draft!.id)] };
    const { data } = await api.ask('mutation ($input: SendMessagesInput!) { sendMessages(input: $input) { warnings userErrors { code } } }', { input });
    expect(data.sendMessages.userErrors).toEqual([]);
    for (const kind of ['SPF', 'DKIM', 'DMARC', 'MX']) {
      expect(data.sendMessages.warnings).toContainEqual(expect.stringMatching(new RegExp(`^${kind}: It could not be looked up`)));
    }
    expect(data.sendMessages.warnings).toContainEqual(expect.stringContaining('PUBLIC_URL is not https'));
    work();
    await receive(1);
    const sender = await waitFor(async () => (await api.ask(question)).data.senders.find(({ sentToday }: { sentToday: number }) => sentToday === 1));
    expect(sender).toMatchObject({ dailyCap: 1, blockedBy: 'Daily cap: 1 of 1 messages have left today.', blockedUntil: expect.stringContaining('T00:00:00') });
    expect(sender.records).toHaveLength(4);
    expect(sender.checkedAt).not.toBeNull();
  });
});

/** RFC 6376, relaxed/relaxed, for the one signature of a mail. */
function verifyDkim(raw: string): { signed: string[]; isValid: boolean; bodyHashIsValid: boolean } {
  const text = raw.replaceAll(/\r?\n/g, '\r\n');
  const end = text.indexOf('\r\n\r\n');
  const headers = text.slice(0, end).split(/\r\n(?![ \t])/).map((line) => {
    const colon = line.indexOf(':');
    return { name: line.slice(0, colon).toLowerCase(), value: line.slice(colon + 1).replaceAll('\r\n', '').replaceAll(/[ \t]+/g, ' ').trim() };
  });
  const signature = headers.find(({ name }) => name === 'dkim-signature')!.value;
  const tags = new Map(signature.split(';').map((tag) => {
    const equals = tag.indexOf('=');
    return [tag.slice(0, equals).trim(), tag.slice(equals + 1).replaceAll(/\s/g, '')];
  }));
  const signed = tags.get('h')!.split(':');
  const body = text.slice(end + 4).split('\r\n').map((line) => line.replaceAll(/[ \t]+/g, ' ').replace(/ $/, '')).join('\r\n').replace(/(\r\n)*$/, '\r\n');
  const lines = signed.map((name) => `${name}:${headers.find((header) => header.name === name)!.value}\r\n`).join('');
  const input = `${lines}dkim-signature:${signature.replace(/\bb=.*$/s, 'b=')}`;
  return {
    signed,
    isValid: verify('sha256', Buffer.from(input), createPublicKey(publicKey), Buffer.from(tags.get('b')!, 'base64')),
    bodyHashIsValid: createHash('sha256').update(body).digest('base64') === tags.get('bh'),
  };
}
