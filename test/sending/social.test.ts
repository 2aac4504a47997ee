import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Worker } from '../../src/app/worker.ts';
import { Channel, SuppressionKind } from '../../src/domain/enums.ts';
import { suppressionHashes } from '../../src/domain/suppressionHash.ts';
import { cancelJob } from '../../src/services/cancelJob.ts';
import { sendMessages } from '../../src/services/sending/sendMessages.ts';
import { JobBench } from '../jobs/support.ts';
import { outreachOf } from '../support/outreach.ts';
import { queueMessage, type QueuedMessage } from '../support/queueMessage.ts';
import { waitFor } from '../support/waitFor.ts';
import { answers, WebhookServer } from '../support/webhookServer.ts';

let bench: JobBench;
let hook: WebhookServer;
const workers: Worker[] = [];

beforeAll(async () => {
  [bench, hook] = await Promise.all([JobBench.open(), WebhookServer.open()]);
});
afterAll(async () => {
  await bench.close();
  await hook.close();
});
beforeEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  hook.reset();
  await bench.query('truncate prospects, jobs, senders, settings, suppressions cascade');
});

const query = <Row extends object>(text: string, values?: unknown[]) => bench.query<Row & Record<string, any>>(text, values);
const queue = (wanted: Parameters<typeof queueMessage>[1] = {}) => queueMessage(query, { channel: 'social', ...wanted });
/** A worker that posts to the webhook, unless told otherwise. */
const work = async (changes = {}) => {
  const worker = await bench.startWorker({ outreach: outreachOf({ socialWebhook: hook.webhook }), ...changes });
  workers.push(worker);
  return worker;
};
const byHand = { outreach: outreachOf() };
const read = async ({ message }: QueuedMessage) => (await query<any>('select * from social_messages where id = $1', [message]))[0]!;
const settled = (queued: QueuedMessage, ...statuses: string[]) =>
  waitFor(async () => {
    const message = await read(queued);
    return statuses.includes(message.status) ? message : null;
  }, { timeoutMs: 30_000 });
/** What a message waits for comes true: the time has passed. */
const letTimePass = async () => {
  await query(`update senders set blocked_until = now() - interval '1 second', claimed_at = claimed_at - interval '1 day'`);
  await query(`update social_messages set due_at = now() - interval '1 second' where due_at is not null and status in ('queued', 'deferred')`);
};
const global = (type: string, key: string) => Buffer.from(`${type}:${key}`).toString('base64url');
const globalOf = ({ message }: QueuedMessage) => global('Message', message);

test('a message is posted to the webhook once, signed, with what is needed to send it; then it, its draft, its profile and its prospect are sent', async () => {
  const queued = await queue();
  await work();
  const job = await bench.jobIn(queued.job, 'succeeded');
  expect(job).toMatchObject({ done_count: 1, failed_count: 0, processed: 1 });
  expect(hook.received).toHaveLength(1);
  const [post] = hook.received;
  expect(hook.isSigned(post!)).toBe(true);
  expect(post!.headers['webhook-id']).toBe(globalOf(queued));
  const username = queued.message.slice(0, 8);
  expect(JSON.parse(post!.body)).toEqual({
    id: globalOf(queued), type: 'message.send', platform: 'GITHUB', username, displayName: null, profileUrl: `https://github.com/${username}`, body: 'Text',
    isFollowUp: false, prospectId: global('Prospect', queued.prospect),
  });
  expect(await read(queued)).toMatchObject({ status: 'sent', attempts: 1, error: null, blocked_by: null, response: 'The webhook answered 202: taken', sender: expect.stringMatching(/^127\.0\.0\.1:\d+$/) });
  const [states] = await query<any>(
    `select d.status as draft, s.draft_status as profile, p.stage, p.sent_at is not null as dated from social_drafts d join social_profiles s on s.id = d.social_profile_id join prospects p on p.id = s.prospect_id where d.id = $1`,
    [queued.draft],
  );
  expect(states).toEqual({ draft: 'sent', profile: 'sent', stage: 'sent', dated: true });
});

test('what the webhook refuses has failed with its answer, and the draft may be sent again', async () => {
  hook.answer = answers.status(422, 'no such user');
  const queued = await queue();
  await work();
  expect(await bench.jobIn(queued.job, 'completed_with_errors')).toMatchObject({ failed_count: 1, failure_reasons: [{ code: 'REFUSED', message: 'The webhook answered 422: no such user', count: 1 }] });
  expect(await read(queued)).toMatchObject({ status: 'failed', error: 'The webhook answered 422: no such user', attempts: 1, sent_at: null });
  hook.answer = answers.taken;
  const { jobId } = await sendMessages(bench.context, { channel: Channel.SOCIAL, draftIds: [queued.draft] });
  await bench.jobIn(jobId, 'succeeded');
  expect(hook.received).toHaveLength(2);
  expect(hook.received[0]!.headers['webhook-id']).not.toBe(hook.received[1]!.headers['webhook-id']);
});

test('a redirect is a refusal and leads nowhere', async () => {
  hook.answer = answers.status(302, '', { location: '/elsewhere' });
  const queued = await queue();
  await work();
  expect(await settled(queued, 'failed')).toMatchObject({ error: 'The webhook answered 302: redirects are not followed' });
  expect(hook.received).toHaveLength(1);
});

test('a webhook that asks for a pause gets it, and the message goes out again under the same id', async () => {
  hook.answer = answers.status(429, 'slow down', { 'retry-after': '7200' });
  const queued = await queue();
  await work();
  const deferred = await settled(queued, 'deferred');
  expect(deferred).toMatchObject({ blocked_by: 'Tried again later: The webhook answered 429: slow down', handed_over_at: null, attempts: 1 });
  expect(Math.abs(new Date(deferred.due_at).getTime() - Date.now() - 7_200_000)).toBeLessThan(60_000);
  hook.answer = answers.taken;
  await letTimePass();
  await settled(queued, 'sent');
  expect(hook.received.map(({ headers }) => headers['webhook-id'])).toEqual([globalOf(queued), globalOf(queued)]);
});

test('a webhook that fails again and again is given up after 8 attempts, each with the same text', async () => {
  hook.answer = answers.status(500, 'boom');
  const queued = await queue();
  await work();
  await waitFor(async () => {
    await letTimePass();
    return (await read(queued)).status === 'failed';
  }, { timeoutMs: 40_000 });
  expect(await read(queued)).toMatchObject({ attempts: 8, error: 'The webhook answered 500: boom' });
  expect(hook.received).toHaveLength(8);
  expect(new Set(hook.received.map(({ body }) => body)).size).toBe(1);
  expect(await bench.jobIn(queued.job, 'completed_with_errors')).toMatchObject({ failure_reasons: [{ code: 'GAVE_UP', message: 'Given up after 8 attempts: The webhook answered 500: boom', count: 1 }] });
});

test.each(['hang', 'reset'] as const)('no answer (%s) leaves the outcome unknown: it is never sent again by itself', async (how) => {
  hook.answer = answers[how];
  const queued = await queue();
  await work();
  expect(await settled(queued, 'outcome_unknown')).toMatchObject({ error: expect.stringContaining('may have sent it'), sent_at: null });
  hook.answer = answers.taken;
  const next = await queue();
  await settled(next, 'sent');
  expect(hook.received.map(({ headers }) => headers['webhook-id'])).toEqual([globalOf(queued), globalOf(next)]);
  await expect(sendMessages(bench.context, { channel: Channel.SOCIAL, draftIds: [queued.draft] })).rejects.toThrow('under way or has left');
});

test('a webhook that nobody reaches holds the sender, costs no message, and is tried again', async () => {
  await hook.close();
  try {
    const first = await queue();
    const second = await queue({ job: first.job });
    await work({ concurrency: 1 });
    await waitFor(async () => (await read(second)).blocked_by?.includes('ECONNREFUSED'));
    expect(await read(first)).toMatchObject({ status: 'deferred', blocked_by: expect.stringContaining('cannot be reached') });
    expect(await read(second)).toMatchObject({ status: 'queued', attempts: 0 });
    await hook.listen();
    await letTimePass();
    await Promise.all([settled(first, 'sent'), settled(second, 'sent')]);
  } finally {
    await hook.listen().catch(() => {});
  }
});

test('a webhook that is gone (410) fails no message: they wait and say why', async () => {
  hook.answer = answers.status(410, 'moved away');
  const first = await queue();
  const second = await queue({ job: first.job });
  await work({ concurrency: 1 });
  await waitFor(async () => (await read(second)).blocked_by !== null);
  expect([(await read(first)).blocked_by, (await read(second)).blocked_by]).toEqual(Array(2).fill('The webhook answered 410: moved away'));
  expect(hook.received).toHaveLength(1);
});

test('a worker killed after it handed the message over leaves its outcome unknown; the webhook got it once', async () => {
  hook.answer = answers.hang;
  const queued = await queue();
  const child = await bench.startWorkerProcess({ socialWebhook: { ...hook.webhook, timeoutSeconds: 300 } });
  await waitFor(() => hook.received.length === 1, { timeoutMs: 30_000 });
  child.kill('SIGKILL');
  expect(await read(queued)).toMatchObject({ status: 'sending', handed_over_at: expect.anything() });
  await query(`update social_messages set lease_until = now() - interval '1 second'`);
  await query(`update job_chunks set lease_until = now() - interval '1 second' where state = 'running'`);
  hook.answer = answers.taken;
  await work();
  expect(await settled(queued, 'outcome_unknown')).toMatchObject({ error: expect.stringContaining('may have arrived') });
  expect(await bench.jobIn(queued.job, 'completed_with_errors')).toMatchObject({ failed_count: 1, failure_reasons: [expect.objectContaining({ code: 'OUTCOME_UNKNOWN' })] });
  expect(hook.received).toHaveLength(1);
});

test('a worker killed before the message had left: another one sends it, once', async () => {
  // It lets everybody in and says nothing, so that the connection is never made.
  const sockets = createServer((socket) => socket.on('error', () => {}).resume());
  await new Promise<void>((resolve) => sockets.listen(0, '127.0.0.1', resolve));
  const queued = await queue();
  const child = await bench.startWorkerProcess({ socialWebhook: { ...hook.webhook, url: `https://127.0.0.1:${(sockets.address() as AddressInfo).port}/` } });
  await settled(queued, 'sending');
  child.kill('SIGKILL');
  sockets.close();
  expect(await read(queued)).toMatchObject({ status: 'sending', handed_over_at: null });
  await query(`update social_messages set lease_until = now() - interval '1 second'`);
  await work();
  expect(await settled(queued, 'sent')).toMatchObject({ attempts: 2 });
  expect(hook.received).toHaveLength(1);
});

test('many messages, three workers: the webhook gets each exactly once', async () => {
  const first = await queue();
  for (let n = 1; n < 30; n += 1) await queue({ job: first.job });
  await Promise.all([work(), work(), work()]);
  expect(await bench.jobIn(first.job, 'succeeded')).toMatchObject({ done_count: 30 });
  expect(hook.received).toHaveLength(30);
  expect(new Set(hook.received.map(({ headers }) => headers['webhook-id'])).size).toBe(30);
});

test.each([
  ['a handle', ({ message }: QueuedMessage) => [SuppressionKind.HANDLE, `github.com/${message.slice(0, 8)}`] as const, 'SUPPRESSED'],
])('who is suppressed by %s after the message was queued gets nothing', async (_, valueOf, code) => {
  const queued = await queue();
  const [kind, value] = valueOf(queued);
  const { secretKeys } = outreachOf();
  await query(`insert into suppressions (id, kind, hash, reason) values (gen_random_uuid(), $1, $2, 'asked')`, [kind, suppressionHashes(secretKeys, kind, value)[0]]);
  await work();
  expect(await settled(queued, 'cancelled')).toMatchObject({ error: 'The recipient must not be contacted.' });
  expect(await bench.jobIn(queued.job, 'succeeded')).toMatchObject({ skipped_count: 1 });
  const [target] = await query<any>('select code from job_targets where job_id = $1', [queued.job]);
  expect(target.code).toBe(code);
  expect(hook.received).toEqual([]);
});

test.each([
  ['replied', `update prospects set replied_at = now()`, 'The prospect has replied: answer in person.'],
  ['is excluded', `update prospects set excluded_at = now()`, 'The prospect must not be contacted.'],
  ['is not approved any more', `update prospects set review_status = 'rejected'`, 'The approval of the prospect was taken back.'],
  ['has moved', `update social_profiles set profile_url = profile_url || '2'`, 'The recipient has changed since the draft was written: draft it again.'],
  ['has no approved draft any more', `update social_drafts set status = 'pending_review'`, 'The draft is not approved.'],
])('a message whose prospect %s is cancelled with the reason, with a webhook and by hand', async (_, statement, error) => {
  for (const outreach of [outreachOf({ socialWebhook: hook.webhook }), outreachOf()]) {
    await query('truncate prospects, jobs cascade');
    const queued = await queue();
    await query(statement);
    const own = await work({ outreach });
    expect(await settled(queued, 'cancelled')).toMatchObject({ error, blocked_by: null });
    await own.stop();
  }
  expect(hook.received).toEqual([]);
});

test('the daily cap of the social channel holds the second message back, and says so', async () => {
  await query(`insert into settings (key, value) values ('sending.social', '{"dailyCap": 1}')`);
  const first = await queue();
  const second = await queue({ job: first.job });
  await work();
  await waitFor(async () => (await read(second)).blocked_by?.startsWith('Daily cap'));
  expect(await settled(first, 'sent')).toMatchObject({ blocked_by: null });
  expect(hook.received).toHaveLength(1);
  await query(`update settings set value = '{"dailyCap": 2}'`);
  await Promise.all([settled(first, 'sent'), settled(second, 'sent')]);
});

test('outside the sending window nothing leaves, and every message says when it opens', async () => {
  const [{ day }] = (await query<{ day: number }>(`select extract(isodow from now() at time zone 'UTC' + interval '2 days')::int as day`)) as [{ day: number }];
  await query(`insert into settings (key, value) values ('sending.social', $1)`, [JSON.stringify({ window: { days: [day], from: '09:00', to: '17:00', timeZone: 'UTC' } })]);
  const queued = await queue();
  await work();
  await waitFor(async () => (await read(queued)).blocked_by?.startsWith('Sending window: '));
  const days = (new Date((await read(queued)).due_at).getTime() - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(1);
  expect(days).toBeLessThan(3);
  expect(hook.received).toEqual([]);
});

test('without a webhook messages wait to be sent by hand and say how; once there is one they are sent by it', async () => {
  const first = await queue();
  const second = await queue({ job: first.job });
  const own = await work(byHand);
  await waitFor(async () => (await read(second)).blocked_by?.startsWith('To be sent by hand: copy the text, open the profile'));
  expect(await bench.job(first.job)).toMatchObject({ status: 'running', processed: 0 });
  await own.stop();
  await work();
  expect(await bench.jobIn(first.job, 'succeeded')).toMatchObject({ done_count: 2 });
  expect(hook.received).toHaveLength(2);
});

test('cancelling the job cancels what waits to be sent by hand', async () => {
  const queued = await queue();
  await work(byHand);
  await waitFor(async () => (await read(queued)).blocked_by !== null);
  await cancelJob(bench.context, { jobId: queued.job });
  await bench.jobIn(queued.job, 'cancelled');
  expect((await read(queued)).status).toBe('cancelled');
});
