import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { rollUpJob } from '../../src/services/rollUpJob.ts';
import { JobBench } from './support.ts';

let bench: JobBench;
const jobId = randomUUID();
beforeAll(async () => {
  bench = await JobBench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.query('truncate jobs cascade');
  await bench.query(`insert into jobs (id, job_type, status, started_at, total_targets) values ($1, 'draft', 'running', now(), 1000000)`, [jobId]);
  await bench.query(`insert into job_chunks (job_id, number, first_ordinal, target_count) values ($1, 0, 1, 1000000)`, [jobId]);
});

/** So many targets more have failed, and the counters were rolled up. */
async function fail(count: number, code: string): Promise<void> {
  await bench.query(
    `with failed as (
       insert into job_targets (job_id, ordinal, outcome, code, message)
       select $1, n + (select coalesce(max(ordinal), 0) from job_targets), 'failed', $3::text, 'because of ' || $3::text from generate_series(1, $2::int) as n
       returning ordinal
     )
     update job_chunks set failed_count = failed_count + (select count(*) from failed) where job_id = $1`,
    [jobId, count, code],
  );
  await rollUpJob(bench.orm.em.fork(), jobId);
}

const reasons = async () => Object.fromEntries((await bench.job(jobId)).failure_reasons.map(({ code, count }) => [code, count]));

test('while a job runs, it tells why targets have failed so far, the most frequent first', async () => {
  await fail(2, 'RARE');
  await fail(3, 'COMMON');

  const { status, failed_count: failed, failure_reasons: told } = await bench.job(jobId);
  expect({ status, failed }).toEqual({ status: 'running', failed: 5 });
  expect(told).toEqual([
    { code: 'COMMON', message: 'because of COMMON', count: 3 },
    { code: 'RARE', message: 'because of RARE', count: 2 },
  ]);
});

test('of very many failures the reasons follow a tenth behind at most, because counting them costs what there is to count', async () => {
  await fail(30_000, 'A');
  expect(await reasons()).toEqual({ A: 30_000 });
  await fail(2_000, 'B');
  expect(await reasons()).toEqual({ A: 30_000 });
  await fail(2_000, 'B');
  expect(await reasons()).toEqual({ A: 30_000, B: 4_000 });
});

test('when it ends, every failure is accounted for', async () => {
  await fail(30_000, 'A');
  await bench.query(`update job_chunks set state = 'done' where job_id = $1`, [jobId]);
  await fail(1, 'B');

  expect(await bench.job(jobId)).toMatchObject({ status: 'completed_with_errors', failed_count: 30_001 });
  expect(await reasons()).toEqual({ A: 30_000, B: 1 });
});
