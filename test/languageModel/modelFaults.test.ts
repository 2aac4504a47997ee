import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Worker } from '../../src/app/worker.ts';
import { cancelJob } from '../../src/services/cancelJob.ts';
import { pauseJob } from '../../src/services/pauseJob.ts';
import { resumeJob } from '../../src/services/resumeJob.ts';
import { type Behaviour, fail, hang, reset, write } from '../support/modelServer.ts';
import { waitFor } from '../support/waitFor.ts';
import { ModelBench } from './support.ts';

let bench: ModelBench;
beforeAll(async () => {
  bench = await ModelBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.reset());

/** Workers for one test. */
async function withWorkers<Result>(count: number, run: (workers: Worker[]) => Promise<Result>): Promise<Result> {
  const workers = await Promise.all(Array.from({ length: count }, () => bench.startWorker()));
  try {
    return await run(workers);
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
}

const slowly = (ms: number): Behaviour => (response, request) => void setTimeout(() => void write()(response, request), ms);

test('failures that pass are waited out: each target is drafted once', async () => {
  await bench.jobs.addProspects(6);
  bench.model.next = [fail(500), reset, fail(429, 'slow down', { 'retry-after': '0' }), fail(503)];

  await withWorkers(1, async () => {
    const job = await bench.ended(await bench.start({ expectedCount: 6 }));

    expect(job).toMatchObject({ status: 'succeeded', done_count: 6 });
    expect(bench.model.requests).toHaveLength(10);
    await bench.jobs.expectSettled(job.id);
  });
});

test('two workers together keep to the rate', async () => {
  await bench.set({ requestsPerMinute: 300 });
  await bench.jobs.addProspects(11);

  await withWorkers(2, async () => {
    const jobId = await bench.start({ expectedCount: 11 });
    await bench.ended(jobId);
  });

  const times = bench.model.requests.map(({ at }) => at);
  expect(times).toHaveLength(11);
  // 10 gaps of 200 ms; the first and the last request may have been on their way for different times.
  expect(times.at(-1)! - times[0]!).toBeGreaterThan(10 * 200 - 150);
});

test('a Retry-After holds all workers back', async () => {
  await bench.jobs.addProspects(8);
  bench.model.otherwise = slowly(50);
  bench.model.next = [fail(429, 'slow down', { 'retry-after': '2' })];

  await withWorkers(2, async () => {
    await bench.ended(await bench.start({ expectedCount: 8 }));
  });

  // Those that had left before the answer came are not called back: then there is a pause, and what comes after it has waited.
  const times = bench.model.requests.map(({ at }) => at);
  const pauses = times.slice(1).map((at, index) => at - times[index]!);
  const longest = Math.max(...pauses);
  expect(longest).toBeGreaterThan(1_000);
  expect(times[pauses.indexOf(longest) + 1]! - times[0]!).toBeGreaterThan(1_950);
  expect(await bench.jobs.draftCount()).toBe(8);
});

test('pausing ends the waiting soon, and resuming goes on without drafting anybody twice', async () => {
  await bench.jobs.addProspects(10);
  bench.model.next = [write(), write()];
  bench.model.otherwise = hang;

  await withWorkers(1, async () => {
    const jobId = await bench.start({ expectedCount: 10 });
    await waitFor(async () => (await bench.jobs.draftCount()) === 2 && bench.model.requests.length > 5);
    await pauseJob(bench.context, { jobId });
    await waitFor(async () => (await bench.jobs.query(`select from job_chunks where state = 'running'`)).length === 0);
    expect(await bench.jobs.query(`select from job_chunks where state = 'ready' and attempts = 0`)).toHaveLength(8);

    bench.model.otherwise = write();
    await resumeJob(bench.context, { jobId });

    expect(await bench.ended(jobId)).toMatchObject({ status: 'succeeded', done_count: 10 });
    await bench.jobs.expectSettled(jobId);
  });
});

test('cancelling ends the waiting soon, and keeps what is written', async () => {
  await bench.jobs.addProspects(10);
  bench.model.next = [write()];
  bench.model.otherwise = hang;

  await withWorkers(1, async () => {
    const jobId = await bench.start({ expectedCount: 10 });
    await waitFor(async () => (await bench.jobs.draftCount()) === 1 && bench.model.requests.length > 3);
    await cancelJob(bench.context, { jobId });

    expect(await bench.jobs.jobIn(jobId, 'cancelled')).toMatchObject({ done_count: 1 });
    await bench.jobs.expectSettled(jobId);
  });
});

test('a worker that is told to stop does not wait for the model, and another one goes on', async () => {
  await bench.jobs.addProspects(4);
  bench.model.otherwise = hang;
  const jobId = await withWorkers(1, async ([worker]) => {
    const id = await bench.start({ expectedCount: 4 });
    await waitFor(() => bench.model.requests.length >= 4);
    await worker!.stop();
    return id;
  });
  expect(await bench.jobs.query(`select from job_chunks where state = 'ready' and attempts = 0`)).toHaveLength(4);

  bench.model.otherwise = write();
  await withWorkers(1, async () => {
    expect(await bench.ended(jobId)).toMatchObject({ status: 'succeeded', done_count: 4 });
  });
});

test('workers that are killed while the model writes leave no target out, none twice, and no answer that was kept unpaid', async () => {
  await bench.set({ inputPricePerMillion: 1_000, outputPricePerMillion: 4_000, costCapPerJob: 1_000 });
  await bench.jobs.addProspects(30);
  bench.model.otherwise = slowly(60);
  const jobId = await bench.start({ expectedCount: 30 });

  for (let kill = 1; kill <= 2; kill += 1) {
    const worker = await bench.jobs.startWorkerProcess({ languageModel: bench.outreach.languageModel });
    const before = await bench.jobs.draftCount();
    await waitFor(async () => (await bench.jobs.draftCount()) > before + 1, { intervalMs: 5 });
    worker.kill('SIGKILL');
    await once(worker, 'exit');
  }
  await withWorkers(1, async () => {
    await bench.ended(jobId);
  });

  const job = await bench.jobs.expectSettled(jobId);
  expect(job).toMatchObject({ status: 'succeeded', done_count: 30 });
  expect(await bench.costOf(jobId)).toBeCloseTo(30 * 0.3);
  expect(bench.model.requests.length).toBeGreaterThanOrEqual(30);
});

test('a worker whose lease is over writes nothing, but what it spent is spent', async () => {
  await bench.set({ inputPricePerMillion: 1_000, outputPricePerMillion: 4_000, costCapPerJob: 1_000 });
  await bench.jobs.addProspects(1);
  bench.model.next = [
    async (response, request) => {
      // As another worker's claim does.
      await bench.jobs.query(`update job_chunks set fence = fence + 1, lease_until = now()`);
      await write()(response, request);
    },
  ];

  await withWorkers(1, async () => {
    const jobId = await bench.start({ expectedCount: 1 });
    expect(await bench.ended(jobId)).toMatchObject({ status: 'succeeded', done_count: 1 });
    expect(bench.model.requests).toHaveLength(2);
    expect(await bench.costOf(jobId)).toBeCloseTo(0.6);
    await bench.jobs.expectSettled(jobId);
  });
});

test('a lease is renewed for as long as the model takes', async () => {
  await bench.jobs.addProspects(1);
  bench.model.next = [slowly(7_000)];

  await withWorkers(2, async () => {
    expect(await bench.ended(await bench.start({ expectedCount: 1 }))).toMatchObject({ done_count: 1 });
  });

  expect(bench.model.requests).toHaveLength(1);
});
