import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { UserErrors } from '../../src/domain/errors.ts';
import { cancelJob } from '../../src/services/cancelJob.ts';
import { pauseJob } from '../../src/services/pauseJob.ts';
import { resumeJob } from '../../src/services/resumeJob.ts';
import { retryJob } from '../../src/services/retryJob.ts';
import { startDraftJob } from '../../src/services/drafts/startDraftJob.ts';
import type { Worker } from '../../src/app/worker.ts';
import { waitFor } from '../support/waitFor.ts';
import { JobBench } from './support.ts';

const template = { subjectTemplate: 'For {{ displayName }}', bodyTemplate: 'You wrote: {{ bioText }}' };

let bench: JobBench;
beforeAll(async () => {
  bench = await JobBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.query('truncate prospects, jobs, idempotency_keys cascade'));

async function errorsOf(promise: Promise<unknown>): Promise<object[]> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserErrors);
  return [...(error as UserErrors).errors];
}

describe('without a worker', () => {
  test('two identical requests at once with one idempotencyKey give one job', async () => {
    await bench.addProspects(10);
    const request = { ...template, expectedCount: 10, idempotencyKey: 'once' };

    const answers = await Promise.all([startDraftJob(bench.context, request), startDraftJob(bench.context, request)]);

    expect(answers[0]).toEqual(answers[1]);
    expect(await bench.query('select from jobs')).toHaveLength(1);
    expect(await bench.query(`select from pgboss.job where name = 'draft' and data->>'jobId' = $1`, [answers[0]!.jobId])).toHaveLength(1);
  });

  test.each([['empty', ''], ['of blanks', ' '], ['longer than an index takes', randomBytes(5_000).toString('hex')], ['with NUL', 'a\0'], ['with half a surrogate pair', 'a\ud800']])('an idempotencyKey that is %s is refused, and starts nothing', async (_, idempotencyKey) => {
    await bench.addProspects(1);

    expect(await errorsOf(startDraftJob(bench.context, { ...template, expectedCount: 1, idempotencyKey }))).toMatchObject([{ code: 'INVALID', field: ['input', 'idempotencyKey'] }]);

    expect(await bench.query('select from jobs')).toEqual([]);
  });

  test('the same idempotencyKey with another input answers CONFLICT', async () => {
    await bench.addProspects(10);
    await startDraftJob(bench.context, { ...template, expectedCount: 10, idempotencyKey: 'key' });

    const other = startDraftJob(bench.context, { ...template, bodyTemplate: 'Another', expectedCount: 10, idempotencyKey: 'key' });

    expect(await errorsOf(other)).toMatchObject([{ code: 'CONFLICT', field: ['input', 'idempotencyKey'] }]);
  });

  test('another expectedCount answers STALE and leaves nothing', async () => {
    await bench.addProspects(10);

    expect(await errorsOf(startDraftJob(bench.context, { ...template, expectedCount: 9 }))).toMatchObject([{ code: 'STALE' }]);
    expect(await bench.query('select from jobs')).toEqual([]);
    expect(await bench.query('select from job_chunks')).toEqual([]);
  });

  test('no expectedCount and no prospectIds answers INVALID', async () => {
    expect(await errorsOf(startDraftJob(bench.context, template))).toMatchObject([{ code: 'INVALID', field: ['input', 'expectedCount'] }]);
  });

  test('a template that does not parse answers INVALID with its position', async () => {
    await bench.addProspects(1);
    const broken = startDraftJob(bench.context, { ...template, bodyTemplate: 'Hello\n{{ displayName', expectedCount: 1 });

    expect(await errorsOf(broken)).toMatchObject([{ code: 'INVALID', field: ['input', 'bodyTemplate'], message: expect.stringContaining('line:2, col:1') }]);
  });

  test('a named prospect that is not approved answers INVALID with its place', async () => {
    const [first, second] = await bench.addProspects(2);
    await bench.query(`update prospects set review_status = 'rejected' where id = $1`, [second]);

    const refused = startDraftJob(bench.context, { ...template, prospectIds: [first!, second!] });

    expect(await errorsOf(refused)).toMatchObject([{ code: 'INVALID', field: ['input', 'prospectIds', '1'] }]);
  });

  test('a job that waits is cancelled at once', async () => {
    await bench.addProspects(10);
    const { jobId } = await startDraftJob(bench.context, { ...template, expectedCount: 10 });

    await cancelJob(bench.context, { jobId });

    expect(await bench.job(jobId)).toMatchObject({ status: 'cancelled', processed: 0 });
    expect(await bench.query(`select from activities where subject_id = $1 and to_state in ('cancelling', 'cancelled')`, [jobId])).toHaveLength(2);
  });

  test('a change that the table of states does not have answers ILLEGAL_TRANSITION with what is allowed', async () => {
    await bench.addProspects(10);
    const { jobId } = await startDraftJob(bench.context, { ...template, expectedCount: 10 });

    expect(await errorsOf(pauseJob(bench.context, { jobId }))).toMatchObject([{ code: 'ILLEGAL_TRANSITION', allowed: ['RUNNING', 'CANCELLING'] }]);
    await cancelJob(bench.context, { jobId });
    expect(await errorsOf(resumeJob(bench.context, { jobId }))).toMatchObject([{ code: 'ILLEGAL_TRANSITION', allowed: [] }]);
  });

  test('a job that is not finished cannot be retried', async () => {
    await bench.addProspects(10);
    const { jobId } = await startDraftJob(bench.context, { ...template, expectedCount: 10 });

    expect(await errorsOf(retryJob(bench.context, { jobId }))).toMatchObject([{ code: 'ILLEGAL_TRANSITION' }]);
  });
});

describe('with a worker', () => {
  let worker: Worker;
  beforeAll(async () => {
    worker = await bench.startWorker();
  });
  afterAll(() => worker.stop());

  test('a job whose message was lost is found behind any number of older ones that nothing can be done for', async () => {
    const parameters = JSON.stringify({ channel: 'email', subject: 'Hello', body: 'Text' });
    await bench.query(
      `with held as (
        insert into jobs (id, job_type, status, started_at, created_at, total_targets, parameters)
        select gen_random_uuid(), 'draft', 'running', now(), now() - interval '1 day', 1, $1::jsonb from generate_series(1, 150) returning id
      )
      insert into job_chunks (job_id, number, state, first_ordinal, target_count, target_ids, lease_until)
      select id, 0, 'running', 1, 1, array[gen_random_uuid()], now() + interval '1 day' from held`,
      [parameters],
    );
    const [late] = await bench.query<{ id: string }>(
      `insert into jobs (id, job_type, status, total_targets, parameters) values (gen_random_uuid(), 'draft', 'pending', 0, $1::jsonb) returning id`, [parameters],
    );

    expect(await bench.jobIn(late!.id, 'succeeded')).toMatchObject({ processed: 0 });
  });

  test('a paused job stands still, and goes on where it stopped', async () => {
    await bench.slowDown(0.4);
    await bench.addProspects(9_000);
    const { jobId } = await startDraftJob(bench.context, { ...template, expectedCount: 9_000 });
    await bench.jobInTheMiddle(jobId);
    await pauseJob(bench.context, { jobId });
    await waitFor(async () => (await bench.query(`select from job_chunks where job_id = $1 and state = 'running'`, [jobId])).length === 0);
    const drafted = await bench.draftCount();
    expect(drafted).toBeLessThan(9_000);
    await waitFor(async () => (await bench.query(`select from workers where running_chunks = 0 and seen_at > now() - interval '1 second'`)).length > 0);
    expect(await bench.draftCount()).toBe(drafted);
    expect(await bench.job(jobId)).toMatchObject({ status: 'paused' });

    await bench.query('drop function take_time cascade');
    await resumeJob(bench.context, { jobId });
    await bench.jobIn(jobId, 'succeeded');

    expect(await bench.expectSettled(jobId)).toMatchObject({ done_count: 9_000 });
  });

  test('a retry is a new job over only the failed targets', async () => {
    await bench.addProspects(1_000, { noBioEvery: 10 });
    const { jobId } = await startDraftJob(bench.context, { ...template, expectedCount: 1_000 });
    await bench.jobIn(jobId, 'completed_with_errors');
    await bench.query(`update prospects set bio_text = 'Now it is there' where bio_text is null`);

    const retry = await retryJob(bench.context, { jobId });
    await bench.jobIn(retry.jobId, 'succeeded');

    expect(await bench.expectSettled(retry.jobId)).toMatchObject({ total_targets: 100, done_count: 100, attempt: 2, retry_of_id: jobId });
    expect(await bench.expectSettled(jobId)).toMatchObject({ status: 'completed_with_errors', failed_count: 100 });
    expect(await bench.draftCount()).toBe(1_000);
  });

  test('a retry of codes that no failure has answers INVALID', async () => {
    await bench.addProspects(10, { noBioEvery: 10 });
    const { jobId } = await startDraftJob(bench.context, { ...template, expectedCount: 10 });
    await bench.jobIn(jobId, 'completed_with_errors');

    expect(await errorsOf(retryJob(bench.context, { jobId, codes: ['NO_SUCH_CODE'] }))).toMatchObject([{ code: 'INVALID', field: ['input', 'codes'] }]);
  });

  test('targets that changed since the start are skipped, each with its reason', async () => {
    await worker.stop();
    const ids = await bench.addProspects(5);
    const { jobId } = await startDraftJob(bench.context, { ...template, expectedCount: 5 });
    await bench.query('delete from prospects where id = $1', [ids[0]]);
    await bench.query(`update prospects set review_status = 'rejected' where id = $1`, [ids[1]]);
    await bench.query('update prospects set email = null where id = $1', [ids[2]]);
    await bench.query('update prospects set email_blocked = true where id = $1', [ids[3]]);
    worker = await bench.startWorker();

    await bench.jobIn(jobId, 'succeeded');

    expect(await bench.expectSettled(jobId)).toMatchObject({ done_count: 1, skipped_count: 4, failed_count: 0 });
    const codes = await bench.query(`select code from job_targets where job_id = $1 and outcome = 'skipped' order by code`, [jobId]);
    expect(codes.map(({ code }) => code)).toEqual(['ADDRESS_BLOCKED', 'DELETED', 'NOT_APPROVED', 'NO_ADDRESS']);
  });

  test('two jobs over the same prospects draft each of them once', async () => {
    await bench.addProspects(3_000);
    const [one, two] = await Promise.all([
      startDraftJob(bench.context, { ...template, expectedCount: 3_000 }),
      startDraftJob(bench.context, { ...template, expectedCount: 3_000 }),
    ]);
    await bench.jobIn(one.jobId, 'succeeded');
    await bench.jobIn(two.jobId, 'succeeded');

    const jobs = [await bench.expectSettled(one.jobId), await bench.expectSettled(two.jobId)];
    expect(jobs[0]!.done_count + jobs[1]!.done_count).toBe(3_000);
    expect(jobs[0]!.skipped_count + jobs[1]!.skipped_count).toBe(3_000);
  });

  test('the draft stands on the prospect, with a fingerprint of what was written', async () => {
    const [id] = await bench.addProspects(1);
    const { jobId } = await startDraftJob(bench.context, { ...template, prospectIds: [id!] });
    await bench.jobIn(jobId, 'succeeded');

    const [prospect] = await bench.query('select draft_subject, draft_body, draft_status, stage from prospects where id = $1', [id]);
    expect(prospect).toEqual({ draft_subject: 'For Prospect 1', draft_body: 'You wrote: Makes things', draft_status: 'pending_review', stage: 'drafted' });
    const [draft] = await bench.query('select recipient, status, fingerprint, version from email_drafts where prospect_id = $1', [id]);
    expect(draft).toEqual({ recipient: 'p1@example.org', status: 'pending_review', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/), version: 1 });
  });

  test('a job without targets succeeds', async () => {
    const { jobId } = await startDraftJob(bench.context, { ...template, expectedCount: 0 });

    expect(await bench.jobIn(jobId, 'succeeded')).toMatchObject({ total_targets: 0, processed: 0 });
  });

  test('a chunk that fails each time is cut up until the one bad target fails alone', async () => {
    const ids = await bench.addProspects(20);
    await bench.query(`create function refuse_bad() returns trigger language plpgsql as $$ begin
      if new.prospect_id = '${ids[7]}' then raise exception 'this one is poison' using errcode = 'check_violation'; end if; return new; end $$`);
    await bench.query('create trigger refuse_bad before insert on email_drafts for each row execute function refuse_bad()');
    const { jobId } = await startDraftJob(bench.context, { ...template, expectedCount: 20 });

    await bench.jobIn(jobId, 'completed_with_errors');

    expect(await bench.expectSettled(jobId)).toMatchObject({ done_count: 19, failed_count: 1, failure_reasons: [{ code: 'WORKER_FAILED', count: 1, message: expect.stringContaining('this one is poison') }] });
    await bench.query('drop function refuse_bad cascade');
  });
});
