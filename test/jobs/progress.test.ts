import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createOrm } from '../../src/database/createOrm.ts';
import { createEvents } from '../../src/events/createEvents.ts';
import type { Events, Listener } from '../../src/events/events.ts';
import { cancelJob } from '../../src/services/cancelJob.ts';
import { pauseJob } from '../../src/services/pauseJob.ts';
import { resumeJob } from '../../src/services/resumeJob.ts';
import { startDraftJob } from '../../src/services/drafts/startDraftJob.ts';
import { watchJobs, type JobSnapshot, type JobWatch } from '../../src/services/watchJobs.ts';
import { waitFor } from '../support/waitFor.ts';
import { JobBench } from './support.ts';

const template = { subjectTemplate: 'For {{ displayName }}', bodyTemplate: 'You wrote: {{ bioText }}' };
/** Long enough that only notices can be the reason of an event. */
const never = 3_600_000;
const silent: Events = { publish: () => {}, subscribe: () => () => {}, close: async () => {} };

let bench: JobBench;
beforeAll(async () => {
  bench = await JobBench.open();
  await bench.slowDown(0.2);
});
afterAll(() => bench.close());

const watches: JobWatch[] = [];
beforeEach(() => bench.query('truncate prospects, jobs cascade'));
afterEach(() => watches.splice(0).forEach((watch) => watch.close()));

function open(options: { events?: Events; pollMs?: number } = {}): JobWatch {
  const watch = watchJobs({ em: () => bench.orm.em.fork(), events: bench.events, log: bench.log, ...options });
  watches.push(watch);
  return watch;
}

async function start(count: number): Promise<string> {
  await bench.addProspects(count);
  return (await startDraftJob(bench.context, { ...template, expectedCount: count })).jobId;
}

async function follow(watch: JobWatch, jobId: string): Promise<(JobSnapshot & { seenAt: number })[]> {
  const seen = [];
  for await (const snapshot of (await watch.progress(jobId))!) {
    seen.push({ ...snapshot, seenAt: performance.now() });
  }
  return seen;
}

function expectRising(seen: readonly JobSnapshot[]): void {
  for (const [index, { sequence, processed }] of seen.entries()) {
    expect(sequence).toBeGreaterThan(seen[index - 1]?.sequence ?? -1);
    expect(processed).toBeGreaterThanOrEqual(seen[index - 1]?.processed ?? 0);
  }
}

test('a subscriber gets the present state, rising sequences at most 10 a second, and the end once', async () => {
  const jobId = await start(6_000);
  const following = follow(open(), jobId);
  const worker = await bench.startWorker();

  const seen = await following;

  expect(seen[0]).toMatchObject({ status: 'pending', processed: 0, totalTargets: 6_000 });
  expect(seen.at(-1)).toMatchObject({ status: 'succeeded', processed: 6_000, draftsCreated: 6_000 });
  expect(seen.filter(({ status }) => status === 'succeeded')).toHaveLength(1);
  expect(seen.length).toBeGreaterThan(3);
  expect(seen.at(-2)).toMatchObject({ at: expect.any(Date), ratePerSecond: expect.any(Number), etaSeconds: expect.any(Number) });
  expect(seen.every(({ at }) => Math.abs(at.getTime() - Date.now()) < 60_000)).toBe(true);
  expectRising(seen);
  await worker.stop();
});

test('however often a job changes, a subscriber is told at most 10 times a second', async () => {
  const jobId = await start(10);
  let notice: Listener = () => {};
  const loud: Events = { ...silent, subscribe: (_topic, listener) => ((notice = listener), () => {}) };
  const following = follow(open({ events: loud, pollMs: never }), jobId);
  const change = async () => {
    const [row] = await bench.query<{ sequence: number }>('update jobs set sequence = sequence + 1 where id = $1 returning sequence', [jobId]);
    notice([[jobId, row!.sequence]]);
  };
  const until = performance.now() + 2_000;
  while (performance.now() < until) await change();
  await cancelJob(bench.context, { jobId });
  await change();

  const seen = await following;
  const spansOfTen = seen.slice(10).map(({ seenAt }, index) => seenAt - seen[index]!.seenAt);
  expect(spansOfTen.length).toBeGreaterThan(0);
  expect(Math.min(...spansOfTen)).toBeGreaterThan(950);
  expectRising(seen);
});

test('notices alone are enough, and so is the poll alone', async () => {
  const jobId = await start(600);
  const byNotice = follow(open({ pollMs: never }), jobId);
  const byPoll = follow(open({ events: silent, pollMs: 100 }), jobId);
  const worker = await bench.startWorker();

  expect((await byNotice).at(-1)).toMatchObject({ status: 'succeeded' });
  expect((await byPoll).at(-1)).toMatchObject({ status: 'succeeded' });
  await worker.stop();
});

test('a subscriber that comes after the end gets the end and completes', async () => {
  const jobId = await start(10);
  await cancelJob(bench.context, { jobId });

  expect(await follow(open(), jobId)).toMatchObject([{ status: 'cancelled' }]);
});

test('a job that is not there answers null', async () => {
  expect(await open().progress('01900000-0000-7000-8000-000000000000')).toBeNull();
});

test('a subscriber that reconnects to another server process goes on with greater sequences', async () => {
  const jobId = await start(6_000);
  const other = await createOrm({ url: bench.database.url });
  const otherEvents = createEvents({ databaseUrl: bench.database.url, log: bench.log });
  const elsewhere = watchJobs({ em: () => other.em.fork(), events: otherEvents, log: bench.log });
  watches.push(elsewhere);
  const worker = await bench.startWorker();

  const before: JobSnapshot[] = [];
  for await (const snapshot of (await open().progress(jobId))!) {
    before.push(snapshot);
    if (before.length === 3) break;
  }
  const after = await follow(elsewhere, jobId);

  expectRising(before);
  expectRising(after);
  expect(after[0]!.sequence).toBeGreaterThanOrEqual(before[2]!.sequence);
  expect(after[0]!.processed).toBeGreaterThanOrEqual(before[2]!.processed);
  expect(after.at(-1)).toMatchObject({ status: 'succeeded', processed: 6_000 });
  await worker.stop();
  await otherEvents.close();
  await other.close(true);
});

test('a slow reader skips to the latest state', async () => {
  const jobId = await start(1_200);
  const stream = (await open().progress(jobId))!;
  const worker = await bench.startWorker();
  await bench.jobIn(jobId, 'succeeded');
  await worker.stop();
  await waitFor(async () => {
    const late = await stream.next();
    return late.done || late.value.status === 'succeeded';
  });
  expect(await stream.next()).toEqual({ value: undefined, done: true });
});

test('a change between subscribing and reading is not lost', async () => {
  const jobId = await start(10);
  const watch = open({ pollMs: never });
  const subscribing = watch.progress(jobId);
  await cancelJob(bench.context, { jobId });
  const seen = [];
  for await (const snapshot of (await subscribing)!) seen.push(snapshot);

  expect(seen.at(-1)).toMatchObject({ status: 'cancelled' });
  expectRising(seen);
});

test('every subscriber of one job sees the same end, also when the events connection is lost in between', async () => {
  const jobId = await start(6_000);
  const watch = open({ pollMs: never });
  const following = Promise.all([follow(watch, jobId), follow(watch, jobId), follow(watch, jobId)]);
  const worker = await bench.startWorker();
  await bench.jobInTheMiddle(jobId);
  await bench.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'outrider events'`);

  for (const seen of await following) {
    expect(seen.at(-1)).toMatchObject({ status: 'succeeded' });
    expectRising(seen);
  }
  await worker.stop();
});

test('changes of every job are told by id, those before the subscription are not', async () => {
  const old = await start(10);
  await cancelJob(bench.context, { jobId: old });
  const watch = open({ events: silent, pollMs: 100 });
  const changes = watch.changes();
  const told = new Set<string>();
  void (async () => {
    for await (const id of changes) told.add(id);
  })();
  await bench.query('truncate prospects cascade');
  const jobId = await start(10);

  await waitFor(() => told.has(jobId));
  await changes.return!();
  expect(told.has(old)).toBe(false);
});

test('a change that is noticed before the first look at all jobs is told', async () => {
  const jobId = await start(10);
  let notice: Listener = () => {};
  const events: Events = { ...silent, subscribe: (_topic, listener) => ((notice = listener), () => {}) };
  const changes = open({ events, pollMs: never }).changes();
  notice([[jobId, 1]]);

  expect(await changes.next()).toEqual({ done: false, value: jobId });
  await changes.return!();
});

test('pausing and resuming are told as they happen', async () => {
  const jobId = await start(6_000);
  const stream = (await open().progress(jobId))!;
  const until = async (status: string) => {
    for (;;) {
      const { value } = await stream.next();
      if (!value || value.status === status) return value;
    }
  };
  const worker = await bench.startWorker();
  await until('running');
  await pauseJob(bench.context, { jobId });
  expect(await until('paused')).toMatchObject({ ratePerSecond: null });
  await resumeJob(bench.context, { jobId });
  expect(await until('running')).toBeDefined();
  expect(await until('succeeded')).toMatchObject({ processed: 6_000 });
  await worker.stop();
});
