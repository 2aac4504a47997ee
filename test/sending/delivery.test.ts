import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { retryJob } from '../../src/services/retryJob.ts';
import { JobBench } from '../jobs/support.ts';
import { waitFor } from '../support/waitFor.ts';
import { addApprovedDrafts, mailOutreach, messagesOf, openMailSink, passTime, refusal, send, type MailSink } from './support.ts';

let bench: JobBench;
let sink: MailSink | undefined;
let worker: Awaited<ReturnType<JobBench['startWorker']>> | undefined;

beforeAll(async () => {
  bench = await JobBench.open();
});
afterEach(async () => {
  await worker?.stop();
  await sink?.close();
  worker = sink = undefined;
  await bench.query('delete from idempotency_keys');
  await bench.query(`update jobs set status = 'cancelling' where status in ('pending', 'running')`);
  await bench.query('truncate email_messages, email_drafts, job_chunks, job_targets, senders, settings cascade');
});
afterAll(async () => {
  await bench.close();
});

type SinkOptions = NonNullable<Parameters<typeof openMailSink>[0]>;

/** One approved draft, sent through a server that behaves as told; the message once it is no longer on its way. */
async function sendOne(options: SinkOptions = {}, parameters = '') {
  sink = await openMailSink(options);
  const outreach = mailOutreach(sink.url + parameters);
  const drafts = await addApprovedDrafts(bench, 1);
  worker = await bench.startWorker({ outreach });
  const { jobId } = await send(bench, outreach, { draftIds: drafts.map(({ id }) => id) });
  return { jobId, draft: drafts[0]!, message: await settled() };
}

function settled() {
  return waitFor(async () => {
    const [message] = await messagesOf(bench);
    return message && !['queued', 'sending'].includes(message.status) ? message : null;
  });
}

describe('a mail that the server takes', () => {
  it('is sent, with its draft, its prospect and its job', async () => {
    const { jobId, draft, message } = await sendOne();
    expect(message).toMatchObject({ status: 'sent', attempts: 1, error: null, blocked_by: null, recipient: draft.recipient });
    expect(message.response).toContain('250');
    expect(sink!.received).toHaveLength(1);
    expect(sink!.received[0]).toMatchObject({ from: 'ada@sender.example', to: [draft.recipient] });
    await bench.jobIn(jobId, 'succeeded');
    expect(await bench.job(jobId)).toMatchObject({ done_count: 1, failed_count: 0, skipped_count: 0 });
    const [state] = await bench.query(
      `select d.status as draft, p.draft_status, p.stage, p.sent_at is not null as sent from email_drafts d join prospects p on p.id = d.prospect_id where d.id = $1`, [draft.id],
    );
    expect(state).toEqual({ draft: 'sent', draft_status: 'sent', stage: 'sent', sent: true });
  });

  it('is sent too where the tables of webhooks are gone', async () => {
    await bench.query('alter table webhooks rename to gone');
    const { jobId, message } = await sendOne();
    await bench.jobIn(jobId, 'succeeded').finally(() => bench.query('alter table gone rename to webhooks'));
    expect(message).toMatchObject({ status: 'sent', attempts: 1 });
    expect(sink!.received).toHaveLength(1);
    const untold = await bench.query(`select details ->> 'event' as event from activities where action = 'event.untold' order by created_at`);
    expect(untold).toEqual([{ event: 'message.sent' }, { event: 'job.finished' }]);
  });

  it('leaves an activity for each of its states', async () => {
    const { message } = await sendOne();
    const activities = await bench.query('select action, from_state, to_state from activities where subject_id = $1 order by id', [message.id]);
    expect(activities).toEqual([
      { action: 'message.queued', from_state: null, to_state: 'queued' },
      { action: 'message.sending', from_state: 'queued', to_state: 'sending' },
      { action: 'message.sent', from_state: 'sending', to_state: 'sent' },
    ]);
  });
});

describe('a server that takes nothing', () => {
  it.each([
    ['refuses the connection', {}, async () => { await sink!.close(); }],
    ['says no in its greeting (554)', { onConnect: (_: unknown, done: (error: Error) => void) => done(refusal(554, 'No service')) }, null],
    ['says later in its greeting (421)', { onConnect: (_: unknown, done: (error: Error) => void) => done(refusal(421, 'Busy')) }, null],
    ['refuses the sender for good (550)', { onMailFrom: (_: unknown, __: unknown, done: (error: Error) => void) => done(refusal(550, 'Sender unknown')) }, null],
    ['refuses the sender for now (451)', { onMailFrom: (_: unknown, __: unknown, done: (error: Error) => void) => done(refusal(451, 'Try later')) }, null],
  ] as [string, SinkOptions, (() => Promise<void>) | null][])('%s: the message waits, and its sender with all others', async (_, options, before) => {
    sink = await openMailSink(options);
    const outreach = mailOutreach(sink.url);
    await before?.();
    const drafts = await addApprovedDrafts(bench, 5);
    worker = await bench.startWorker({ outreach, concurrency: 1 });
    await send(bench, outreach, { draftIds: drafts.map(({ id }) => id) });
    const messages = await waitFor(async () => {
      const rows = await messagesOf(bench);
      return rows.length === 5 && rows.every(({ blocked_by }) => blocked_by !== null) ? rows : null;
    });
    expect(messages.filter(({ status }) => status === 'deferred')).toHaveLength(1);
    expect(messages.filter(({ status }) => status === 'queued')).toHaveLength(4);
    const [sender] = await bench.query('select failures, blocked_by, blocked_until > now() as blocked, sent_today from senders');
    expect(sender).toMatchObject({ failures: 1, blocked: true, sent_today: 0 });
    expect(new Set(messages.map(({ blocked_by }) => blocked_by))).toEqual(new Set([sender!['blocked_by']]));
  });
});

describe('a server that does not want this mail', () => {
  it.each([
    ['refuses the recipient (550)', { onRcptTo: (_: unknown, __: unknown, done: (error: Error) => void) => done(refusal(550, '5.1.1 No such user')) }, 'No such user'],
    ['refuses the text (554)', { onData: () => refusal(554, 'Spam') }, 'Spam'],
  ] as [string, SinkOptions, string][])('%s: it failed, with the answer', async (_, options, said) => {
    const { jobId, message } = await sendOne(options);
    expect(message).toMatchObject({ status: 'failed', attempts: 1 });
    expect(message.error).toContain(said);
    await bench.jobIn(jobId, 'completed_with_errors');
    const [target] = await bench.query('select outcome, code, message, target_id from job_targets where job_id = $1', [jobId]);
    expect(target).toMatchObject({ outcome: 'failed', code: 'REFUSED', message: expect.stringContaining(said) });
    expect((await bench.query('select sent_today from senders'))[0]).toEqual({ sent_today: 0 });
  });

  it.each([
    ['the recipient (450)', (count: number): SinkOptions => ({ onRcptTo: (_, __, done) => done((count -= 1) >= 0 ? refusal(450, 'Greylisted') : null) })],
    ['the text (451)', (count: number): SinkOptions => ({ onData: () => ((count -= 1) >= 0 ? refusal(451, 'Greylisted') : null) })],
  ])('puts off %s: it waits for longer each time, and carries the same Message-ID', async (_, optionsOf) => {
    const { message } = await sendOne(optionsOf(2));
    expect(message).toMatchObject({ status: 'deferred', attempts: 1, handed_over_at: null, error: expect.stringContaining('Greylisted') });
    const first = message.due_at!.getTime() - Date.now();
    await passTime(bench);
    const again = await waitFor(async () => (await messagesOf(bench)).find(({ status, attempts }) => status === 'deferred' && attempts === 2));
    expect(again.due_at!.getTime() - Date.now()).toBeGreaterThan(first * 1.5);
    await passTime(bench);
    await waitFor(() => sink!.received.length === 1);
    expect(sink!.received[0]!.raw).toContain(`Message-ID: ${message.message_id}`);
    await waitFor(async () => (await messagesOf(bench))[0]!.status === 'sent');
  });

  it('puts it off again and again: it failed in the end', async () => {
    const { message } = await sendOne({ onData: () => refusal(451, 'Never today') });
    await bench.query('update email_messages set attempts = 7 where id = $1', [message.id]);
    await bench.query(`insert into activities (id, actor, action, subject_type, subject_id, details)
      select gen_random_uuid(), actor, action, subject_type, subject_id, details from activities, generate_series(1, 6)
      where subject_id = $1 and action = 'message.deferred'`, [message.id]);
    await passTime(bench);
    const last = await waitFor(async () => (await messagesOf(bench)).find(({ status }) => status === 'failed'));
    expect(last.error).toContain('Never today');
    expect(last.attempts).toBe(8);
  });
});

describe('a worker that shall stop', () => {
  it('gives a mail back whose end has not left, for the next one to send at once', async () => {
    let hangs = true;
    sink = await openMailSink({ onMailFrom: (_, __, done) => (hangs ? undefined : done()) });
    const outreach = mailOutreach(sink.url);
    const [draft] = await addApprovedDrafts(bench, 1);
    worker = await bench.startWorker({ outreach });
    await send(bench, outreach, { draftIds: [draft!.id] });
    await waitFor(async () => (await messagesOf(bench))[0]?.status === 'sending');
    await worker.stop();
    expect((await messagesOf(bench))[0]).toMatchObject({ status: 'deferred', blocked_by: 'The worker was stopped.', handed_over_at: null });
    hangs = false;
    worker = await bench.startWorker({ outreach });
    await waitFor(() => sink!.received.length === 1);
  });

  it('waits for the answer to a mail that has left', async () => {
    let answer!: (error: null) => void;
    sink = await openMailSink({ onData: () => new Promise((resolve) => { answer = resolve; }) });
    const outreach = mailOutreach(sink.url);
    const [draft] = await addApprovedDrafts(bench, 1);
    worker = await bench.startWorker({ outreach });
    await send(bench, outreach, { draftIds: [draft!.id] });
    await waitFor(() => answer !== undefined);
    const stopped = worker.stop();
    answer(null);
    await stopped;
    expect((await messagesOf(bench))[0]).toMatchObject({ status: 'sent' });
  });
});

describe('trying the failures of a job again', () => {
  it('sends a new message of each draft that failed', async () => {
    let refusals = 1;
    const { jobId, message } = await sendOne({ onData: () => (refusals-- > 0 ? refusal(554, 'Spam') : null) });
    expect(message.status).toBe('failed');
    await bench.jobIn(jobId, 'completed_with_errors');
    const context = { ...bench.context, outreach: mailOutreach(sink!.url) };
    await expect(retryJob(context, { jobId, codes: ['GAVE_UP'] })).rejects.toMatchObject({ errors: [{ code: 'INVALID' }] });
    const again = await retryJob(context, { jobId });
    await bench.jobIn(again.jobId, 'succeeded');
    expect(await bench.job(again.jobId)).toMatchObject({ total_targets: 1, done_count: 1, attempt: 2, retry_of_id: jobId });
    expect(sink!.received).toHaveLength(1);
  });

  it('leaves alone what may have arrived', async () => {
    const { jobId } = await sendOne({ onData: () => { sink!.cut(); return null; } });
    await bench.jobIn(jobId, 'completed_with_errors');
    const context = { ...bench.context, outreach: mailOutreach(sink!.url) };
    await expect(retryJob(context, { jobId })).rejects.toMatchObject({ errors: [{ code: 'CONFLICT' }] });
    expect(await messagesOf(bench)).toHaveLength(1);
  });
});

describe('a connection that breaks', () => {
  it('before the text: the message waits', async () => {
    const { message } = await sendOne({ onRcptTo: () => sink!.cut() });
    expect(message).toMatchObject({ status: 'deferred', handed_over_at: null });
    expect(sink!.received).toHaveLength(0);
  });

  it('keeps only the mail that breaks it, and nobody else, from being sent', async () => {
    sink = await openMailSink({
      onRcptTo: ({ address }, _, done) => (address === 'p1@example.org' ? sink!.cut() : done()),
    });
    const outreach = mailOutreach(sink.url);
    const drafts = await addApprovedDrafts(bench, 3);
    worker = await bench.startWorker({ outreach, concurrency: 1 });
    await send(bench, outreach, { draftIds: drafts.map(({ id }) => id) });
    await waitFor(async () => (await messagesOf(bench)).some(({ status }) => status === 'deferred'));
    await bench.query(`update senders set blocked_until = now()`);
    await waitFor(() => sink!.received.length === 2);
    expect((await messagesOf(bench)).find(({ recipient }) => recipient === 'p1@example.org')).toMatchObject({ status: 'deferred' });
  });

  it('after the end of the text, before the answer: nobody knows, and it is never sent again by itself', async () => {
    const { jobId, message } = await sendOne({
      onData: () => {
        sink!.cut();
        return null;
      },
    });
    expect(message).toMatchObject({ status: 'outcome_unknown', attempts: 1 });
    expect(message.handed_over_at).not.toBeNull();
    await bench.jobIn(jobId, 'completed_with_errors');
    await passTime(bench);
    await bench.query(`update email_messages set due_at = now()`);
    const again = await send(bench, mailOutreach(sink!.url), { expectedCount: 1 });
    await bench.jobIn(again.jobId, 'succeeded');
    expect(await bench.job(again.jobId)).toMatchObject({ skipped_count: 1 });
    expect(sink!.received).toHaveLength(1);
  });

  it('an answer that never comes after the end of the text: nobody knows', async () => {
    const { message } = await sendOne({ onData: () => new Promise(() => {}) }, '?socketTimeout=5000');
    expect(message).toMatchObject({ status: 'outcome_unknown' });
  });
});
