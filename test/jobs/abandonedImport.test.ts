import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { failAbandonedImports } from '../../src/services/failAbandonedImports.ts';
import { takeOver } from '../../src/services/import/importLease.ts';
import { holding } from '../health/support.ts';
import { waitFor } from '../support/waitFor.ts';
import { JobBench } from './support.ts';

let bench: JobBench;

beforeAll(async () => {
  bench = await JobBench.open();
});
afterAll(() => bench.close());

/** An import whose process was last seen that long ago. */
async function importLastSeen(interval: string, { digest = null, fileName = null }: { digest?: string | null; fileName?: string | null } = {}): Promise<string> {
  const { rows } = await bench.pool.query<{ id: string }>(
    `with job as (
       insert into jobs (id, job_type, status, started_at, parameters)
       values (gen_random_uuid(), 'import', 'running', now(), jsonb_build_object('digest', $2::text, 'fileName', $3::text)) returning id
     )
     insert into job_chunks (job_id, number, state, fence, lease_until, first_ordinal, target_count)
     select id, 1, 'running', 1, now() - $1::interval, 1, 0 from job returning job_id as id`,
    [interval, digest, fileName],
  );
  return rows[0]!.id;
}

const jobOf = async (id: string) =>
  (await bench.pool.query<{ status: string; error: string | null }>('select status, error from jobs where id = $1', [id])).rows[0]!;

test('an upload that somebody goes on with at the moment at which it is given up goes on', async () => {
  const id = await importLastSeen('2 minutes');
  const holder = await holding(bench.database.url, `select from jobs where id = '${id}' for update`);
  const givenUp = failAbandonedImports({ em: () => bench.orm.em.fork(), events: bench.events });
  await waitFor(async () => (await bench.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length > 0);
  expect(await takeOver(bench.orm.em.fork().getKysely(), id)).toMatchObject({ fence: 2 });
  await holder.release();
  await givenUp;
  expect(await jobOf(id)).toEqual({ status: 'running', error: null });
});

test('an upload, or an import within a request, whose server has died ends as FAILED and says what to do; a file that can be resumed and a living upload go on', async () => {
  const dead = await importLastSeen('2 minutes');
  const within = await importLastSeen('2 minutes', { digest: 'digest' });
  const resumable = await importLastSeen('2 minutes', { digest: 'digest', fileName: 'people.csv' });
  const alive = await importLastSeen('-10 seconds');
  await bench.startWorker();

  await waitFor(async () => (await jobOf(dead)).status === 'failed');
  await waitFor(async () => (await jobOf(within)).status === 'failed');

  expect((await jobOf(dead)).error).toContain('send the file again');
  expect((await jobOf(resumable)).status).toBe('running');
  expect((await jobOf(alive)).status).toBe('running');
});
