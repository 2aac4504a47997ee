import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startDraftJob } from '../../src/services/drafts/startDraftJob.ts';
import { JobBench } from './support.ts';

describe('a draft job', () => {
  let bench: JobBench;
  beforeAll(async () => {
    bench = await JobBench.open();
    await bench.startWorker();
  });
  afterAll(() => bench.close());

  test('drafts every target once and fails those that lack a variable, with its name', async () => {
    await bench.addProspects(1_200, { noBioEvery: 100 });

    const { jobId } = await startDraftJob(bench.context, {
      subjectTemplate: 'For {{ displayName }}',
      bodyTemplate: 'You wrote: {{ bioText }}',
      expectedCount: 1_200,
    });

    const job = await bench.jobIn(jobId, 'completed_with_errors', 'succeeded');
    expect(job).toMatchObject({ status: 'completed_with_errors', total_targets: 1_200, processed: 1_200, done_count: 1_188, failed_count: 12, drafts_created: 1_188 });
    expect(job.failure_reasons).toEqual([{ code: 'MISSING_VARIABLE', message: 'bioText has no value.', count: 12 }]);
    expect(await bench.draftCount()).toBe(1_188);
  });
});
