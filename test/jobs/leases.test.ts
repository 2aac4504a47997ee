import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Kysely } from 'kysely';
import { Leases } from '../../src/services/leases.ts';
import { isolateChunk } from '../../src/services/drafts/isolateChunk.ts';
import type { DraftJob } from '../../src/services/drafts/runDraftChunk.ts';
import { startDraftJob } from '../../src/services/drafts/startDraftJob.ts';
import { holding } from '../health/support.ts';
import { waitFor } from '../support/waitFor.ts';
import { JobBench } from './support.ts';

let bench: JobBench;
let db: Kysely<any>;
let jobId: string;
beforeAll(async () => {
  bench = await JobBench.open();
  db = bench.orm.em.fork().getKysely();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.query('truncate prospects, jobs cascade');
  await bench.addProspects(2_500);
  ({ jobId } = await startDraftJob(bench.context, { expectedCount: 2_500 }));
  await bench.query(`update jobs set status = 'running' where id = $1`, [jobId]);
});

const chunks = () => bench.query('select number, state, fence, attempts from job_chunks where job_id = $1 order by number', [jobId]);

test.each(['before', 'after'])('a claim takes exactly one chunk %s the table was analysed', async (when) => {
  if (when === 'after') await bench.query('analyze job_chunks');
  const claimed = await new Leases(randomUUID()).claim(db, jobId);

  expect(claimed).toMatchObject({ number: 0, fence: 1, attempts: 1, firstOrdinal: 1 });
  expect(claimed!.targetIds).toHaveLength(500);
  expect((await chunks()).map(({ state }) => state)).toEqual(['running', 'ready', 'ready', 'ready', 'ready']);
});

test('two claims at once take different chunks', async () => {
  const [one, two] = await Promise.all([new Leases(randomUUID()).claim(db, jobId), new Leases(randomUUID()).claim(db, jobId)]);

  expect(new Set([one!.number, two!.number]).size).toBe(2);
});

test('a chunk whose lease has expired by the database clock is claimed with a greater fence', async () => {
  await new Leases(randomUUID()).claim(db, jobId);
  await bench.query(`update job_chunks set lease_until = clock_timestamp() - interval '1 second' where state = 'running'`);

  expect(await new Leases(randomUUID()).claim(db, jobId)).toMatchObject({ number: 0, fence: 2, attempts: 2 });
});

test('a chunk of a paused job is not claimed', async () => {
  await bench.query(`update jobs set status = 'paused' where id = $1`, [jobId]);

  expect(await new Leases(randomUUID()).claim(db, jobId)).toBeNull();
});

test('a released chunk is ready again, and the attempt does not count', async () => {
  const leases = new Leases(randomUUID());
  await leases.claim(db, jobId);
  await leases.releaseAll(db);

  expect((await chunks())[0]).toMatchObject({ state: 'ready', attempts: 0 });
});

test('renewing extends the leases that are held, and not those that were lost', async () => {
  const leases = new Leases(randomUUID());
  await leases.claim(db, jobId);
  await leases.claim(db, jobId);
  await bench.query('update job_chunks set fence = fence + 1 where job_id = $1 and number = 1', [jobId]);
  await bench.query(`update job_chunks set lease_until = clock_timestamp() + interval '1 second' where state = 'running'`);
  await leases.renew(db);

  const rows = await bench.query(`select number, lease_until > clock_timestamp() + interval '3 seconds' as renewed from job_chunks where state = 'running' order by number`);
  expect(rows).toEqual([
    { number: 0, renewed: true },
    { number: 1, renewed: false },
  ]);
});

test('a process holds one chunk at a time that was claimed before: none is blamed for what another does', async () => {
  await bench.query('update job_chunks set attempts = 1 where job_id = $1 and number < 3', [jobId]);
  const leases = new Leases(randomUUID());
  const claimed = await Promise.all([leases.claim(db, jobId), leases.claim(db, jobId), leases.claim(db, jobId), leases.claim(db, jobId)]);

  const numbers = claimed.map((chunk) => chunk?.number ?? null);
  expect(numbers.toSorted()).toEqual([0, 3, 4, null]);
  // It has ended; another process takes what it likes.
  leases.drop(claimed.find((chunk) => chunk?.number === 0)!);
  expect(await leases.claim(db, jobId)).toMatchObject({ number: 1, attempts: 2 });
  expect(await new Leases(randomUUID()).claim(db, jobId)).toMatchObject({ number: 2, attempts: 2 });
});

test('two workers that cut up chunks of one job at the same moment number the parts one after the other', async () => {
  const chunks = await Promise.all([1, 2].map(async () => (await new Leases(randomUUID()).claim(db, jobId))!));
  const holder = await holding(bench.database.url, 'select from jobs for update');
  const cutting = Promise.all(chunks.map((chunk) => isolateChunk(bench.orm.em.fork().getKysely(), {} as DraftJob, chunk)));
  cutting.catch(() => {});
  await waitFor(async () => (await bench.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length === 2);
  await holder.release();
  await cutting;
  expect(await bench.query('select sum(target_count)::int as targets, count(distinct first_ordinal)::int as parts, max(number) as last from job_chunks')).toEqual([{ targets: 2_500, parts: 23, last: 22 }]);
});
