import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Channel } from '../../src/domain/enums.ts';
import { previewDraft, type PreviewDraft } from '../../src/services/drafts/previewDraft.ts';
import { JobBench } from '../jobs/support.ts';

let bench: JobBench;
let prospectId: string;
beforeAll(async () => {
  bench = await JobBench.open();
  [prospectId] = (await bench.addProspects(1, { noBioEvery: 1 })) as [string];
});
afterAll(() => bench.close());

const preview = (bodyTemplate: string, more: Partial<PreviewDraft> = {}) =>
  previewDraft(bench.context, { prospectId, subjectTemplate: 'For {{ displayName }}', bodyTemplate, ...more });

it('all that is missing and all that is wrong is told at once, in subject and text', async () => {
  const answer = await preview('Hi [NAME], {{ bioText }} {{ username }} {{ nonsense }} {{ nonsense.deep }} {{ username }} https:///nowhere', {
    subjectTemplate: '{{ followerCount }} for {{ displayName }}',
  });

  expect(answer).toEqual({
    subject: '[followerCount] for Prospect 1',
    body: 'Hi [NAME], [bioText] [username] [nonsense] [nonsense.deep] [username] https:///nowhere',
    missing: ['followerCount', 'bioText', 'username', 'nonsense', 'nonsense.deep'],
    problems: [
      'followerCount has no value.', 'bioText has no value.', 'username has no value.', 'nonsense has no value.', 'nonsense.deep has no value.',
      'The placeholder [NAME] was not filled in.', 'The link https:///nowhere leads nowhere.',
    ],
  });
});

it('what a variable of another name does not have is missing, and the variable is shown all the same', async () => {
  expect(await preview('{{ displayName.first }} of {{ displayName }}')).toMatchObject({
    body: '[displayName.first] of Prospect 1', missing: ['displayName.first'],
  });
});

it.each(['__proto__.polluted', 'constructor.prototype.polluted', 'displayName.__proto__.polluted', 'tags.__proto__.polluted'])(
  'a template that reads %s changes nothing that other objects have', async (path) => {
    const { missing } = await preview(`{{ ${path} }}`);

    expect(missing).toEqual([path]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((Object as unknown as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(('' as unknown as Record<string, unknown>)['polluted']).toBeUndefined();
  });

it('a template that cannot be rendered for another reason says so', async () => {
  const { body, problems } = await preview('{{ displayName | nonsense }}');
  expect(body).toBe('');
  expect(problems.join()).toContain('nonsense');
});

it('both templates’ mistakes are told', async () => {
  expect((await preview('{% if %}', { subjectTemplate: '{{ displayName' })).problems).toHaveLength(2);
});

it('who may not be written to is told, beside what is wrong with the text', async () => {
  const [excluded] = (await bench.addProspects(1)) as [string];
  await bench.query('update prospects set excluded_at = now() where id = $1', [excluded]);
  expect((await preview('{{ nonsense }}', { prospectId: excluded })).problems).toEqual(['The prospect must not be contacted.', 'nonsense has no value.']);
});

it('the social channel’s limit is its platform’s', async () => {
  await bench.query(
    `insert into social_profiles (id, prospect_id, canonical_key, platform, username, profile_url) values (gen_random_uuid(), $1, 'mastodon.example/@ada', 'mastodon', 'ada', 'https://mastodon.example/@ada')`,
    [prospectId],
  );
  expect(await preview('x'.repeat(501), { channel: Channel.SOCIAL })).toMatchObject({ subject: null, problems: ['The text has 501 characters; MASTODON takes 500.'] });
});

it('nothing is saved', async () => {
  await preview('{{ displayName }}');
  expect(await bench.query('select 1 from email_drafts')).toEqual([]);
});
