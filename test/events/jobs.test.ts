import { afterEach, describe, expect, test } from '@jest/globals';
import { startDraftJob } from '../../src/services/drafts/startDraftJob.ts';
import { watchJobs, type JobSnapshot } from '../../src/services/watchJobs.ts';
import { startApi, adminToken } from '../graphql/support.ts';
import { JobBench } from '../jobs/support.ts';
import { BrokerServer, isInstalled, nats, redis } from '../support/broker.ts';
import { outreachOf } from '../support/outreach.ts';
import { waitFor } from '../support/waitFor.ts';

const template = { subjectTemplate: 'For {{ displayName }}', bodyTemplate: 'You wrote: {{ bioText }}' };
/** Long enough that only notices can be the reason of an event. */
const never = 3_600_000;
const targets = 4_000;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A job over prospects of a database of its own, whose events go over the broker. */
async function open(server: BrokerServer): Promise<{ bench: JobBench; jobId: string }> {
  closing.push(() => server.close());
  const bench = await JobBench.open(undefined, server.url());
  closing.push(() => bench.close());
  await bench.slowDown(0.3);
  await bench.addProspects(targets);
  return { bench, jobId: (await startDraftJob(bench.context, { ...template, expectedCount: targets })).jobId };
}

/** What a subscriber sees, until the stream completes. */
function follow(bench: JobBench, jobId: string, pollMs: number): { seen: JobSnapshot[]; completed: Promise<void> } {
  const watch = watchJobs({ em: () => bench.orm.em.fork(), events: bench.events, log: bench.log, pollMs });
  closing.push(() => watch.close());
  const seen: JobSnapshot[] = [];
  const read = async () => {
    for await (const snapshot of (await watch.progress(jobId))!) seen.push(snapshot);
  };
  return { seen, completed: read() };
}

function expectWhole(seen: readonly JobSnapshot[]): void {
  const sequences = seen.map(({ sequence }) => sequence);
  expect(sequences).toEqual([...new Set(sequences)].toSorted((a, b) => a - b));
  expect(seen.filter(({ status }) => status === 'succeeded')).toHaveLength(1);
  expect(seen.at(-1)).toMatchObject({ status: 'succeeded', processed: targets });
}

for (const program of [redis, nats]) {
  (isInstalled(program) ? describe : describe.skip)(`a job over ${program.command}`, () => {
    test('another process tells of its work by notices; the broker is killed in mid job and started again: progress goes on by polling, then by notices, and the end comes once', async () => {
      const server = await BrokerServer.start(program);
      const { bench, jobId } = await open(server);
      const polled = follow(bench, jobId, 300);
      const noticed = follow(bench, jobId, never);
      await bench.startWorkerProcess({}, server.url());
      await waitFor(() => noticed.seen.some(({ processed }) => processed > 0), { intervalMs: 5 });
      expect(await bench.query(`select from pg_stat_activity where datname = current_database() and application_name = 'outrider events'`)).toEqual([]);
      await server.kill();
      const before = polled.seen.at(-1)!.processed;
      await waitFor(() => polled.seen.at(-1)!.processed > before);
      await server.start();
      await Promise.all([polled.completed, noticed.completed]);

      expectWhole(polled.seen);
      expectWhole(noticed.seen);
      await bench.expectSettled(jobId);
    });
  });
}

test('a server whose broker is not there is ready, and names it in /health/ready and in /metrics', async () => {
  const api = await startApi(undefined, outreachOf(), { EVENTS_URL: 'redis://:secret@127.0.0.1:1' });
  closing.push(() => api.stop());
  const ready = await fetch(`${api.url}health/ready`);
  expect({ status: ready.status, body: await ready.json() }).toMatchObject({ status: 200, body: { ready: true, events: { broker: 'redis', connected: false } } });

  const metrics = () => fetch(`${api.url}metrics`, { headers: { authorization: `Bearer ${adminToken}` } }).then((response) => response.text());
  expect(await metrics()).toContain('outrider_events_connected{broker="redis"} 0');
  await waitFor(async () => /outrider_events_failures_total\{broker="redis"\} [1-9]/.test(await metrics()));
});
