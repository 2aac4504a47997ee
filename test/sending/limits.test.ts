import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { cancelJob } from '../../src/services/cancelJob.ts';
import { pauseJob } from '../../src/services/pauseJob.ts';
import { resumeJob } from '../../src/services/resumeJob.ts';
import { suppress } from '../../src/services/suppression/suppress.ts';
import { JobBench } from '../jobs/support.ts';
import { waitFor } from '../support/waitFor.ts';
import { addApprovedDrafts, mailOutreach, messagesOf, openMailSink, refusal, send, setSending, type MailSink } from './support.ts';

let bench: JobBench;
let sink: MailSink;

beforeAll(async () => {
  bench = await JobBench.open();
  sink = await openMailSink();
});
afterEach(async () => {
  await bench.stopWorkers();
  sink.received.length = 0;
  await bench.query('truncate email_messages, email_drafts, job_chunks, job_targets, jobs, senders, settings, suppressions cascade');
});
afterAll(async () => {
  await sink.close();
  await bench.close();
});

const outreach = (changes = {}) => mailOutreach(sink.url, changes);
const ids = (drafts: { id: string }[]) => drafts.map(({ id }) => id);

/** Every message that has not left says why it waits. */
async function allBlocked(reason: RegExp, count: number) {
  return waitFor(async () => {
    const waiting = (await messagesOf(bench)).filter(({ status }) => status === 'queued');
    return waiting.length === count && waiting.every(({ blocked_by }) => reason.test(blocked_by ?? '')) ? waiting : null;
  });
}

/** A window in UTC that is open only on the ISO weekday of tomorrow. */
function closedToday() {
  const tomorrow = new Date(Date.now() + 86_400_000);
  return { days: [tomorrow.getUTCDay() || 7], from: '09:00', to: '17:00', timeZone: 'UTC' };
}

describe('the daily cap', () => {
  it('holds exactly, over two workers and three jobs at once', async () => {
    await setSending(bench, { dailyCap: 7 });
    const drafts = await addApprovedDrafts(bench, 15);
    for (const part of [drafts.slice(0, 5), drafts.slice(5, 10), drafts.slice(10)]) await send(bench, outreach(), { draftIds: ids(part) });
    await Promise.all([1, 2].map(() => bench.startWorker({ outreach: outreach(), concurrency: 4 })));
    const waiting = await allBlocked(/^Daily cap: 7 of 7/, 8);
    await waitFor(async () => (await messagesOf(bench)).filter(({ status }) => status === 'sent').length === 7);
    expect(sink.received).toHaveLength(7);
    expect(new Set(sink.received.map(({ to }) => to[0])).size).toBe(7);
    const midnight = new Date(new Date().toISOString().slice(0, 10)).getTime() + 86_400_000;
    expect(new Set(waiting.map(({ due_at }) => due_at!.getTime()))).toEqual(new Set([midnight]));
  });

  it('starts anew the next day', async () => {
    await setSending(bench, { dailyCap: 2 });
    await send(bench, outreach(), { draftIds: ids(await addApprovedDrafts(bench, 3)) });
    await bench.startWorker({ outreach: outreach() });
    await allBlocked(/Daily cap/, 1);
    await bench.query(`update senders set day = day - 1`);
    await waitFor(() => sink.received.length === 3);
    await waitFor(async () => (await bench.query('select sent_today from senders'))[0]!['sent_today'] === 1);
  });

  it('that was raised lets go at once', async () => {
    await setSending(bench, { dailyCap: 0 });
    await send(bench, outreach(), { draftIds: ids(await addApprovedDrafts(bench, 2)) });
    await bench.startWorker({ outreach: outreach() });
    await allBlocked(/Daily cap: 0 of 0/, 2);
    await setSending(bench, { dailyCap: 2 });
    await waitFor(() => sink.received.length === 2);
  });
});

it('the gap lies between any two messages, over two workers', async () => {
  await setSending(bench, { minimumGapSeconds: 1 });
  await send(bench, outreach(), { draftIds: ids(await addApprovedDrafts(bench, 4)) });
  await Promise.all([1, 2].map(() => bench.startWorker({ outreach: outreach() })));
  await waitFor(async () => (await messagesOf(bench)).every(({ status }) => status === 'sent'));
  const times = await bench.query<{ at: Date }>(`select created_at as at from activities where action = 'message.sending' and subject_id in (select id from email_messages) order by created_at`);
  const gaps = times.slice(1).map(({ at }, index) => at.getTime() - times[index]!.at.getTime());
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(950);
});

it('a closed window holds everything until it opens, and an open one lets it go', async () => {
  await setSending(bench, { window: closedToday() });
  const { jobId } = await send(bench, outreach(), { draftIds: ids(await addApprovedDrafts(bench, 2)) });
  await bench.startWorker({ outreach: outreach() });
  const waiting = await allBlocked(/^Sending window: \w{3} 09:00 to 17:00 \(UTC\)/, 2);
  expect(waiting[0]!.due_at!.toISOString()).toBe(`${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T09:00:00.000Z`);
  expect(sink.received).toHaveLength(0);
  await setSending(bench, { window: { days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00', timeZone: 'Asia/Kolkata' } });
  await bench.jobIn(jobId, 'succeeded');
  expect(sink.received).toHaveLength(2);
  expect((await messagesOf(bench)).every(({ blocked_by }) => blocked_by === null)).toBe(true);
});

it('a worker that lacks a setting says which one', async () => {
  await send(bench, outreach(), { draftIds: ids(await addApprovedDrafts(bench, 1)) });
  await bench.startWorker({ outreach: outreach({ smtpUrl: undefined }) });
  expect((await allBlocked(/SMTP_URL/, 1))[0]!.blocked_by).toBe('Configuration: the worker lacks SMTP_URL.');
});

describe('what has changed since it was queued', () => {
  it.each([
    ['the prospect has replied', `update prospects set replied_at = now() where id = $1`, 'REPLIED'],
    ['the prospect is excluded', `update prospects set excluded_at = now() where id = $1`, 'EXCLUDED'],
    ['the approval of the prospect is taken back', `update prospects set review_status = 'pending' where id = $1`, 'REVIEW_TAKEN_BACK'],
    ['the address is another one', `update prospects set email = 'other@recipient.example' where id = $1`, 'RECIPIENT_CHANGED'],
    ['cold mail to the address is not allowed', `update prospects set email_blocked = true where id = $1`, 'ADDRESS_BLOCKED'],
    ['the approval of the draft is taken back', `update email_drafts set status = 'pending_review', approved_fingerprint = null where prospect_id = $1`, 'NOT_APPROVED'],
  ])('%s: the message is cancelled with the reason, the others go', async (_, change, code) => {
    const drafts = await addApprovedDrafts(bench, 2);
    const { jobId } = await send(bench, outreach(), { draftIds: ids(drafts) });
    await bench.query(change, [drafts[0]!.prospectId]);
    await bench.startWorker({ outreach: outreach() });
    await bench.jobIn(jobId, 'succeeded');
    expect(sink.received.map(({ to }) => to[0])).toEqual([drafts[1]!.recipient]);
    expect(await bench.job(jobId)).toMatchObject({ done_count: 1, skipped_count: 1 });
    const [target] = await bench.query(`select outcome, code from job_targets where job_id = $1 and target_id = $2`, [jobId, drafts[0]!.prospectId]);
    expect(target).toEqual({ outcome: 'skipped', code });
    expect((await messagesOf(bench)).find(({ draft_id }) => draft_id === drafts[0]!.id)).toMatchObject({ status: 'cancelled', error: expect.any(String) });
  });
});

it('whoever is suppressed while the mail server takes its time gets nothing: the mail is cancelled before its end has left', async () => {
  let goOn!: () => void;
  const slow = await openMailSink({ onRcptTo: (_, __, done) => { goOn = () => done(); } });
  try {
    const [draft] = await addApprovedDrafts(bench, 1);
    const { jobId } = await send(bench, outreach(), { draftIds: [draft!.id] });
    await bench.startWorker({ outreach: mailOutreach(slow.url) });
    await waitFor(() => goOn !== undefined);
    await suppress(bench.context, { email: draft!.recipient });
    goOn();
    await bench.jobIn(jobId, 'succeeded');
    expect(slow.received).toEqual([]);
    expect(await messagesOf(bench)).toMatchObject([{ status: 'cancelled', handed_over_at: null, sent_at: null }]);
    expect(await bench.query('select outcome, code from job_targets where job_id = $1', [jobId])).toEqual([{ outcome: 'skipped', code: 'EXCLUDED' }]);
    expect(await bench.query('select sent_today from senders')).toEqual([{ sent_today: 0 }]);
  } finally {
    await bench.stopWorkers();
    await slow.close();
  }
});

describe('a job of messages', () => {
  it('that is paused sends nothing more, and goes on where it stopped', async () => {
    await setSending(bench, { window: closedToday() });
    const { jobId } = await send(bench, outreach(), { draftIds: ids(await addApprovedDrafts(bench, 2)) });
    await bench.startWorker({ outreach: outreach() });
    await allBlocked(/window/, 2);
    await pauseJob(bench.context, { jobId });
    await setSending(bench, {});
    const other = await send(bench, outreach(), { draftIds: ids(await addApprovedDrafts(bench, 1)) });
    await bench.jobIn(other.jobId, 'succeeded');
    expect(sink.received).toHaveLength(1);
    await resumeJob(bench.context, { jobId });
    await bench.jobIn(jobId, 'succeeded');
    expect(sink.received).toHaveLength(3);
  });

  it('that is cancelled cancels what has not left; the drafts stay approved and can be sent again', async () => {
    await setSending(bench, { window: closedToday() });
    const drafts = await addApprovedDrafts(bench, 3);
    const { jobId } = await send(bench, outreach(), { draftIds: ids(drafts) });
    await bench.startWorker({ outreach: outreach() });
    await allBlocked(/window/, 3);
    await cancelJob(bench.context, { jobId });
    await bench.jobIn(jobId, 'cancelled');
    expect((await messagesOf(bench)).map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    await setSending(bench, {});
    const again = await send(bench, outreach(), { draftIds: ids(drafts) });
    await bench.jobIn(again.jobId, 'succeeded');
    expect(sink.received).toHaveLength(3);
  });

  it('that is cancelled while its last message is put off leaves none behind that waits for ever', async () => {
    // Putting off has looked at the job, and is about to commit: there it waits for the lock that the test holds.
    await bench.query(`create function wait_for_test() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(4711); return null; end $$`);
    await bench.query(`create constraint trigger wait_for_test after update on email_messages deferrable initially deferred
      for each row when (new.status = 'deferred') execute function wait_for_test()`);
    const holder = await bench.pool.connect();
    await holder.query('select pg_advisory_lock(4711)');
    const hesitant = await openMailSink({ onData: () => refusal(451, 'Later') });
    try {
      const { jobId } = await send(bench, outreach(), { draftIds: ids(await addApprovedDrafts(bench, 1)) });
      await bench.startWorker({ outreach: mailOutreach(hesitant.url) });
      await waitFor(async () => (await bench.query(`select from pg_locks where locktype = 'advisory' and objid = 4711 and not granted`)).length === 1);
      await cancelJob(bench.context, { jobId });
      await holder.query('select pg_advisory_unlock(4711)');
      await bench.jobIn(jobId, 'cancelled');
      expect((await messagesOf(bench)).map(({ status }) => status)).toEqual(['cancelled']);
      expect(await bench.job(jobId)).toMatchObject({ skipped_count: 1, processed: 1 });
    } finally {
      await holder.query('select pg_advisory_unlock_all()');
      holder.release();
      await bench.stopWorkers();
      await hesitant.close();
      await bench.query('drop trigger wait_for_test on email_messages');
      await bench.query('drop function wait_for_test()');
    }
  });
});
