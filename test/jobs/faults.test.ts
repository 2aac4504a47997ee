import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cancelJob } from '../../src/services/cancelJob.ts';
import { startDraftJob } from '../../src/services/drafts/startDraftJob.ts';
import { waitFor } from '../support/waitFor.ts';
import { JobBench } from './support.ts';

let bench: JobBench;
beforeEach(async () => {
  bench = await JobBench.open();
  await bench.slowDown(0.2);
});
afterEach(() => bench.close());

const template = { subjectTemplate: 'For {{ displayName }}', bodyTemplate: 'You wrote: {{ bioText }}' };

async function start(count: number): Promise<string> {
  await bench.addProspects(count);
  return (await startDraftJob(bench.context, { ...template, expectedCount: count })).jobId;
}

test('a worker that is killed in mid job leaves nothing lost and nothing doubled, and is taken for dead within 5 s', async () => {
  const jobId = await start(9_000);
  const victim = await bench.startWorkerProcess();
  await bench.jobInTheMiddle(jobId);
  victim.kill('SIGKILL');
  await once(victim, 'exit');
  const leases = await bench.query(`select lease_until < clock_timestamp() + interval '5 s' as "isShort" from job_chunks where state = 'running'`);
  expect(leases.filter(({ isShort }) => !isShort)).toEqual([]);
  const { status, processed } = await bench.job(jobId);
  expect({ status, done: processed === 9_000 }).toEqual({ status: 'running', done: false });

  await bench.startWorkerProcess();
  await bench.jobIn(jobId, 'succeeded');

  expect(await bench.expectSettled(jobId)).toMatchObject({ processed: 9_000, done_count: 9_000 });
});

test('workers that are killed again and again finish the job all the same', async () => {
  const jobId = await start(9_000);
  for (let kill = 0; kill < 4; kill += 1) {
    const { processed } = await bench.job(jobId);
    const victim = await bench.startWorkerProcess();
    await waitFor(async () => (await bench.job(jobId)).processed > processed, { intervalMs: 5 });
    victim.kill('SIGKILL');
    await once(victim, 'exit');
  }
  await bench.startWorkerProcess();
  await bench.jobIn(jobId, 'succeeded');

  expect(await bench.expectSettled(jobId)).toMatchObject({ done_count: 9_000, failed_count: 0 });
});

test('two worker processes share a job, and each target is drafted once', async () => {
  await bench.startWorkerProcess();
  await bench.startWorkerProcess();
  await waitFor(async () => (await bench.query('select from workers')).length === 2);
  const jobId = await start(9_000);

  await bench.jobIn(jobId, 'succeeded');

  expect(await bench.expectSettled(jobId)).toMatchObject({ done_count: 9_000 });
  const holders = await bench.query('select distinct leased_by from job_chunks where job_id = $1', [jobId]);
  expect(holders).toHaveLength(2);
});

test('SIGTERM ends a worker with 0 in mid job and leaves no lease', async () => {
  const jobId = await start(9_000);
  const worker = await bench.startWorkerProcess();
  await bench.jobInTheMiddle(jobId);
  worker.kill('SIGTERM');
  const [code] = await once(worker, 'exit');

  expect(code).toBe(0);
  expect(await bench.query(`select from job_chunks where state = 'running'`)).toEqual([]);
  expect(await bench.query('select from workers')).toEqual([]);
  expect(await bench.job(jobId)).toMatchObject({ status: 'running' });
});

test('a worker outlives the end of all its connections and finishes the job', async () => {
  const worker = await bench.startWorkerProcess();
  const jobId = await start(9_000);
  await bench.jobInTheMiddle(jobId);
  await bench.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'outrider%'`);

  await bench.jobIn(jobId, 'succeeded');

  expect(worker.exitCode).toBeNull();
  expect(await bench.expectSettled(jobId)).toMatchObject({ done_count: 9_000 });
});

test('a worker that slept longer than its lease changes nothing when it wakes up', async () => {
  const sleeper = await bench.startWorkerProcess();
  const jobId = await start(9_000);
  await bench.jobInTheMiddle(jobId);
  sleeper.kill('SIGSTOP');
  await bench.startWorkerProcess();
  await bench.jobIn(jobId, 'succeeded');
  sleeper.kill('SIGCONT');
  await waitFor(async () => (await bench.query(`select from workers where seen_at > now() - interval '2 seconds'`)).length === 2);

  expect(await bench.expectSettled(jobId)).toMatchObject({ done_count: 9_000 });
  expect(sleeper.exitCode).toBeNull();
});

test('a job whose message was lost is found by the sweep', async () => {
  const jobId = await start(600);
  await bench.query('delete from pgboss.job_common');
  await bench.startWorker();

  expect(await bench.jobIn(jobId, 'succeeded')).toMatchObject({ done_count: 600 });
});

test('cancelling while it runs ends in CANCELLED with whole chunks only', async () => {
  const jobId = await start(9_000);
  await bench.startWorker();
  await bench.jobInTheMiddle(jobId);
  await cancelJob(bench.context, { jobId });

  await bench.jobIn(jobId, 'cancelled');

  const job = await bench.expectSettled(jobId);
  expect(job.processed).toBeLessThan(9_000);
  expect(job.processed % 500).toBe(0);
});
