import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { migrate } from '../../src/migrate/migrate.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/postgres/embedded.ts';
import { startDraftJob } from '../../src/services/drafts/startDraftJob.ts';
import { watchJobs } from '../../src/services/watchJobs.ts';
import { JobBench } from './support.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'outrider-test-restart-'));
let postgres: EmbeddedPostgres | undefined;
afterAll(async () => {
  await postgres?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

test('when PostgreSQL is stopped and started in mid job, worker and subscriber go on by themselves', async () => {
  postgres = await startEmbeddedPostgres({ dataDir, fast: true });
  const { url } = postgres;
  await migrate({ url });
  const bench = await JobBench.open({ url, drop: async () => {} });
  const watch = watchJobs({ em: () => bench.orm.em.fork(), events: bench.events, log: bench.log });
  try {
    await bench.slowDown(0.2);
    await bench.addProspects(9_000);
    const worker = await bench.startWorkerProcess();
    const { jobId } = await startDraftJob(bench.context, { bodyTemplate: '{{ bioText }}', expectedCount: 9_000 });
    const progress = (await watch.progress(jobId))!;
    await bench.jobInTheMiddle(jobId);
    await postgres.stop();
    postgres = await startEmbeddedPostgres({ dataDir, fast: true });
    expect(postgres.url).toBe(url);

    const seen: { sequence: number; status: string }[] = [];
    for await (const { sequence, status } of progress) seen.push({ sequence, status });

    expect(seen.at(-1)).toMatchObject({ status: 'succeeded' });
    expect(seen.map(({ sequence }) => sequence)).toEqual([...new Set(seen.map(({ sequence }) => sequence))].toSorted((a, b) => a - b));
    expect(await bench.expectSettled(jobId)).toMatchObject({ done_count: 9_000 });
    expect(worker.exitCode).toBeNull();
  } finally {
    watch.close();
    await bench.close();
  }
});
