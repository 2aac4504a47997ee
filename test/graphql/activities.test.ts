import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toGlobalId } from '../../src/domain/globalId.ts';
import { seed, startApi, statementsOf, uuid, type Api } from './support.ts';

let api: Api;
let prospectIds: string[];
beforeAll(async () => {
  api = await startApi();
  await seed(api, 4);
  prospectIds = (await api.sql(`select ${uuid('prospect', 'n')} as id from generate_series(1, 4) n`)).map(({ id }) => toGlobalId('Prospect', id));
  // Of each prospect n: itself, its two profiles, their drafts, its e-mail draft; at different times, in this order.
  await api.sql(`
    insert into activities (id, created_at, actor, action, subject_type, subject_id, from_state, to_state, details)
    select gen_random_uuid(), '2026-03-01T00:00:00Z'::timestamptz + place * interval '1 hour', 'Ada', action, type, subject, 'pending', 'approved', '{"n": 1}'
    from generate_series(1, 4) n cross join lateral (values
      (1, 'prospect.reviewed', 'Prospect', ${uuid('prospect')}), (2, 'profile.read', 'SocialProfile', ${uuid('profile', 'n, k').replaceAll('k::text', `'1'`)}),
      (3, 'draft.approved', 'Draft', ${uuid('email')}), (4, 'draft.approved', 'Draft', ${uuid('social', 'n, k').replaceAll('k::text', `'2'`)})
    ) as act (place, action, type, subject)`);
  await api.sql(`insert into activities (id, actor, action, subject_type, subject_id) values (gen_random_uuid(), 'Ada', 'settings.updated', 'Settings', '00000000-0000-0000-0000-000000000000')`);
});
afterAll(() => api.stop());

const shown = 'actor action subjectType from to at details subject { id ... on Prospect { displayName } ... on Draft { body } }';
const timeline = (id: string, args = '') =>
  api.ask(`query ($id: ID!) { prospect(id: $id) { activities${args} { nodes { ${shown} } totalCount pageInfo { hasNextPage endCursor } } } }`, { id });

test('the timeline of a prospect has what was done to it, its profiles and drafts, newest first, and of nobody else', async () => {
  const { data, errors } = await timeline(prospectIds[0]!);
  expect(errors).toBeUndefined();
  const { nodes, totalCount } = data.prospect.activities;

  expect(totalCount).toBe(4);
  expect(nodes.map(({ action, subjectType }: any) => `${action} ${subjectType}`)).toEqual([
    'draft.approved Draft', 'draft.approved Draft', 'profile.read SocialProfile', 'prospect.reviewed Prospect',
  ]);
  expect(nodes[3]).toEqual({
    actor: 'Ada', action: 'prospect.reviewed', subjectType: 'Prospect', from: 'PENDING', to: 'APPROVED', at: '2026-03-01T01:00:00.000Z', details: { n: 1 },
    subject: { id: prospectIds[0], displayName: 'Name 1 1' },
  });
  expect(nodes[0].subject).toEqual({ id: expect.any(String), body: 'Body' });
});

test('messages belong to it on both channels', async () => {
  const [row] = await api.sql(`select ${uuid('prospect', '2')} as prospect, ${uuid('profile', `2, 1`)} as profile, ${uuid('email', '2')} as draft, ${uuid('social', '2, 1')} as social`);
  await api.sql(`insert into email_messages (id, prospect_id, draft_id, recipient, subject, body, message_id) values ('01900000-0000-7000-8000-00000000000e', $1, $2, 'a@example.org', 's', 'b', 'm@example.org')`, [row.prospect, row.draft]);
  await api.sql(`insert into social_messages (id, social_profile_id, draft_id, recipient, body) values ('01900000-0000-7000-8000-00000000000f', $1, $2, 'r', 'b')`, [row.profile, row.social]);
  await api.sql(`insert into activities (id, actor, action, subject_type, subject_id) select gen_random_uuid(), 'worker', 'message.sent', 'Message', id::uuid
    from unnest('{01900000-0000-7000-8000-00000000000e,01900000-0000-7000-8000-00000000000f}'::text[]) id`);

  const { data } = await timeline(prospectIds[1]!);
  expect(data.prospect.activities.nodes.filter(({ subjectType }: any) => subjectType === 'Message')).toHaveLength(2);
});

test('it is read page by page', async () => {
  const seen: string[] = [];
  let after = '';
  for (let pages = 0; pages < 4; pages += 1) {
    const { data } = await timeline(prospectIds[2]!, `(first: 1${after})`);
    const { nodes, pageInfo } = data.prospect.activities;
    seen.push(nodes[0].at);
    expect(pageInfo.hasNextPage).toBe(pages < 3);
    after = `, after: "${pageInfo.endCursor}"`;
  }
  expect(seen).toEqual([4, 3, 2, 1].map((hour) => `2026-03-01T0${hour}:00:00.000Z`));
});

test('the timelines of a page of prospects are one statement', async () => {
  const sent = await statementsOf(() => api.ask('{ prospects(first: 4) { nodes { activities(first: 2) { nodes { action } } } } }'));

  expect(sent).toHaveLength(2);
});

test('a timeline is found by indexes, however many activities there are', async () => {
  await api.sql(`insert into activities (id, created_at, actor, action, subject_type, subject_id)
    select gen_random_uuid(), now() - n * interval '1 second', 'x', 'job.created', 'Job', gen_random_uuid() from generate_series(1, 30000) n`);
  await api.sql('analyze activities');
  const [statement] = (await statementsOf(() => timeline(prospectIds[0]!, '(first: 2)'))).filter((text) => text.includes('activities'));
  const [uuidOf] = await api.sql(`select ${uuid('prospect', '1')} as id`);
  const plan = JSON.stringify(await api.sql(`explain (format json) ${statement!.replace(/\$1\b/, `'{${uuidOf.id}}'`).replaceAll(/\$\d+/g, '3')}`));

  expect(plan).toContain('activities_subject');
  expect(plan).not.toMatch(/"Node Type":"Seq Scan"[^}]*"Relation Name":"activities"/);
  expect(plan).not.toContain('activities_created_at');
});

test('all activities are listed, and those of one subject', async () => {
  const { data } = await api.ask('query ($subject: ID) { activities(subject: $subject) { nodes { action subject { id } } totalCount } nothing: activities(subject: "x") { totalCount } }', { subject: prospectIds[3] });
  expect(data).toEqual({ activities: { nodes: [{ action: 'prospect.reviewed', subject: { id: prospectIds[3] } }], totalCount: 1 }, nothing: { totalCount: 0 } });

  const all = await api.ask('{ activities(first: 100) { nodes { subjectType subject { id } } } }');
  expect(all.errors).toBeUndefined();
  expect(all.data.activities.nodes.find(({ subjectType }: any) => subjectType === 'Settings').subject).toBeNull();
});
