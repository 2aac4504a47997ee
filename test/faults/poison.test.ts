import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startDraftJob } from '../../src/services/drafts/startDraftJob.ts';
import { JobBench } from '../jobs/support.ts';

const preload = fileURLToPath(new URL('./poison.mjs', import.meta.url));
const endings = ['abort', 'memory', 'exit'];

let bench: JobBench;
beforeAll(async () => {
  bench = await JobBench.open();
});
afterAll(() => bench.close());

/** Starts a worker, as a supervisor does, each time that one ends; answers how each of them ended. */
async function superviseUntilDone(jobId: string): Promise<(number | string)[]> {
  const ended: (number | string)[] = [];
  for (;;) {
    const worker = await bench.startWorkerProcess({}, '', { nodeArguments: ['--max-old-space-size=120', '--import', preload], environment: { POISON: endings[ended.length % endings.length]! } });
    const exit = once(worker, 'exit') as Promise<[number | null, string | null]>;
    const outcome = await Promise.race([exit, bench.jobIn(jobId, 'succeeded', 'completed_with_errors', 'failed')]);
    if (!Array.isArray(outcome)) return ended;
    ended.push(outcome[0] ?? outcome[1]!);
    // Its leases end, sooner than they would.
    await bench.query(`update job_chunks set lease_until = clock_timestamp() - interval '1 second' where state = 'running'`);
  }
}

test('a target that ends every worker that renders it fails alone: all others are drafted, whatever was in hand beside it', async () => {
  const ids = await bench.addProspects(1_300);
  await bench.query(`update prospects set display_name = 'Poison' where id = $1`, [ids.toSorted()[77]]);
  const { jobId } = await startDraftJob(bench.context, { bodyTemplate: 'Hello {{ displayName }}', expectedCount: 1_300 });

  const ended = await superviseUntilDone(jobId);

  expect(await bench.expectSettled(jobId)).toMatchObject({
    status: 'completed_with_errors',
    done_count: 1_299,
    failed_count: 1,
    failure_reasons: [{ code: 'WORKER_FAILED', count: 1, message: 'Drafting it failed again and again: the worker ended each time.' }],
  });
  expect(await bench.query(`select target_id as id from job_targets where outcome = 'failed'`)).toEqual([{ id: ids.toSorted()[77] }]);
  // Three attempts of the chunk; then one each as 50, as 5 and as one target.
  expect(ended).toEqual(['SIGABRT', 'SIGABRT', 7, 'SIGABRT', 'SIGABRT', 7]);
});
