import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Channel } from '../../src/domain/enums.ts';
import { startDraftJob } from '../../src/services/drafts/startDraftJob.ts';
import { waitFor } from '../support/waitFor.ts';
import { JobBench } from './support.ts';

let bench: JobBench;
beforeAll(async () => {
  bench = await JobBench.open();
});
afterAll(() => bench.close());

test('a job whose tables are broken waits, others go on, and mended it ends with every draft', async () => {
  const prospects = await bench.addProspects(5);
  await bench.query(
    `insert into social_profiles (id, prospect_id, canonical_key, platform, username, profile_url)
     select gen_random_uuid(), id, 'github.com/' || id, 'github', 'user', 'https://github.com/' || id from prospects`,
  );
  const template = { subjectTemplate: 'For {{ displayName }}', bodyTemplate: 'Hello {{ displayName }}' };
  const email = await startDraftJob(bench.context, { ...template, prospectIds: prospects });
  await bench.query('alter table email_drafts rename column body to gone_away');
  await bench.startWorker();
  const social = await startDraftJob(bench.context, { ...template, channel: Channel.SOCIAL, prospectIds: prospects });
  await bench.jobIn(social.jobId, 'succeeded');

  const tried = `select attempts, failed_count from job_chunks where job_id = $1 and fence > 4 and state = 'ready'`;
  const chunk = await waitFor(async () => (await bench.query(tried, [email.jobId]))[0]);
  expect(chunk).toEqual({ attempts: 0, failed_count: 0 });

  await bench.query('alter table email_drafts rename column gone_away to body');
  const job = await bench.jobIn(email.jobId, 'succeeded');
  expect(job).toMatchObject({ drafts_created: 5, failed_count: 0 });
});
