import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Channel } from '../../src/domain/enums.ts';
import { OutriderError } from '../../src/domain/errors.ts';
import { previewDraft } from '../../src/services/drafts/previewDraft.ts';
import { startDraftJob } from '../../src/services/drafts/startDraftJob.ts';
import { JobBench } from './support.ts';

let bench: JobBench;
beforeAll(async () => {
  bench = await JobBench.open();
  await bench.startWorker();
});
afterAll(() => bench.close());
beforeEach(() => bench.query('truncate prospects, jobs cascade'));

async function addProfile(prospectId: string, username: string): Promise<void> {
  await bench.query(
    `insert into social_profiles (id, prospect_id, canonical_key, platform, username, profile_url)
     values (gen_random_uuid(), $1, $2, 'github', $2, 'https://github.com/' || $2)`,
    [prospectId, username],
  );
}

test('a social job drafts for the profiles of approved prospects', async () => {
  const [ada, bob] = await bench.addProspects(2);
  await addProfile(ada!, 'ada');
  await addProfile(bob!, 'bob');
  await bench.query(`update prospects set review_status = 'rejected' where id = $1`, [bob]);

  const { jobId } = await startDraftJob(bench.context, { channel: Channel.SOCIAL, bodyTemplate: 'Hi {{ profile.username }} of {{ displayName }}', expectedCount: 1 });
  await bench.jobIn(jobId, 'succeeded');

  const drafts = await bench.query('select d.body, d.recipient, s.draft_status from social_drafts as d join social_profiles as s on s.id = d.social_profile_id');
  expect(drafts).toEqual([{ body: 'Hi ada of Prospect 1', recipient: 'https://github.com/ada', draft_status: 'pending_review' }]);
});

test('a preview renders what a job would write, and saves nothing', async () => {
  const [id] = await bench.addProspects(1);

  const preview = await previewDraft(bench.context, { prospectId: id!, subjectTemplate: 'For {{ displayName }}', bodyTemplate: '{{ bioText }}!' });

  expect(preview).toEqual({ subject: 'For Prospect 1', body: 'Makes things!', missing: [], problems: [] });
  expect(await bench.draftCount()).toBe(0);
});

test('a preview names every variable without a value', async () => {
  const [id] = await bench.addProspects(1, { noBioEvery: 1 });

  const preview = await previewDraft(bench.context, { prospectId: id!, subjectTemplate: '{{ nickname }}', bodyTemplate: '{{ bioText }} {{ username }}' });

  expect(preview).toMatchObject({ subject: '[nickname]', body: '[bioText] [username]', missing: ['nickname', 'bioText', 'username'] });
  expect(preview.problems).toContain('bioText has no value.');
});

test('a preview of a template that does not parse says where', async () => {
  const [id] = await bench.addProspects(1);

  const { problems } = await previewDraft(bench.context, { prospectId: id!, bodyTemplate: '{% if %}' });

  expect(problems).toEqual([expect.stringContaining('line:1, col:6')]);
});

test('a preview for nobody is NOT_FOUND', async () => {
  await expect(previewDraft(bench.context, { prospectId: '01900000-0000-7000-8000-000000000000' })).rejects.toThrow(OutriderError);
});

test('the default template of the settings is used where none is given', async () => {
  const [id] = await bench.addProspects(1);
  await bench.query(`insert into settings (key, value) values ('draft.email', '{"subject": "From the settings", "body": "For {{ displayName }}"}')`);

  const preview = await previewDraft(bench.context, { prospectId: id! });

  expect(preview).toMatchObject({ subject: 'From the settings', body: 'For Prospect 1' });
});
