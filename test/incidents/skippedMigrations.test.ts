import { createEmptyDatabase } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';
import { incident, repair, type Incident } from './support.ts';

/**
 * Incident: migrations were skipped on deploy. social_profiles, social_discovery_jobs, social_drafts and social_messages
 * were absent, and every endpoint of the feature answered 503.
 */
const lost = ['social_messages', 'social_drafts', 'social_discovery_jobs', 'social_profiles'];

let state: Incident;
afterEach(() => state.end());

describe('four tables that are absent', () => {
  beforeEach(async () => {
    state = await incident(lost.map((table) => `drop table ${table} cascade`));
  });

  test('stop the social pipeline only: websites are listed, reviewed and drafted for', async () => {
    const server = await state.serve();
    const { data } = await server.ask('{ prospects(first: 10) { totalCount nodes { id displayName stage reviewStatus } } }');
    const idsThatAre = (status: string): string[] =>
      data.prospects.nodes.filter(({ reviewStatus }: { reviewStatus: string }) => reviewStatus === status).map(({ id }: { id: string }) => id);
    const reviewed = await server.ask('mutation ($ids: [ID!]!) { reviewProspects(input: { ids: $ids, decision: APPROVE }) { changedCount userErrors { code } } }', { ids: idsThatAre('PENDING') });
    const drafted = await server.ask(
      'mutation ($ids: [ID!]!) { startDraftJob(input: { prospectIds: $ids, subjectTemplate: "Hi", bodyTemplate: "Body" }) { job { id } userErrors { code } } }',
      { ids: idsThatAre('APPROVED') },
    );
    const social = await server.ask('{ socialProfiles(first: 5) { totalCount nodes { id } } }');

    expect(data.prospects.nodes).toHaveLength(10);
    expect(reviewed).toEqual({ data: { reviewProspects: { changedCount: 1, userErrors: [] } } });
    expect(drafted).toEqual({ data: { startDraftJob: { job: { id: expect.any(String) }, userErrors: [] } } });
    expect(social.errors?.[0]?.extensions).toMatchObject({ code: 'SCHEMA_NOT_READY', feature: 'SOCIAL_PIPELINE' });
    expect(social.data?.socialProfiles ?? null).toBeNull();
  });

  test('leave the server in service, which says what does not work', async () => {
    const server = await state.serve();
    const { status, body } = await server.http('GET', '/health/ready');

    expect(status).toBe(200);
    expect(body.notReady.map(({ feature }: { feature: string }) => feature)).toContain('SOCIAL_PIPELINE');
    expect(body.notReady.map(({ feature }: { feature: string }) => feature)).not.toContain('WEBSITE_PIPELINE');
  });

  test('are not made silently by anything that starts; a plan that was read makes them', async () => {
    await state.serve();
    const there = async () => (await state.sql(`select count(*)::int as n from pg_tables where schemaname = 'public' and tablename = any ($1)`, [lost]))[0].n;
    expect(await there()).toBe(0);
    const { code, out } = await repair(state);

    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('READY') });
    expect(await there()).toBe(lost.length);
    expect(await state.sql('select count(*)::int as n from prospects')).toEqual([{ n: 10 }]);
  });
});

test('a database that no migration ever reached is migrated by POST /health/migrate, and works without a restart', async () => {
  state = await incident([], await createEmptyDatabase());
  const server = await state.serve();
  expect((await server.http('GET', '/health/ready')).status).toBe(503);

  const migrated = await server.http('POST', '/health/migrate');
  expect(migrated.status).toBe(200);
  expect((await server.http('GET', '/health/ready')).status).toBe(200);
  const created = await waitFor(async () => {
    const answer = await server.ask('mutation { createProspect(input: { displayName: "First", profileUrl: "https://first.example" }) { prospect { displayName } userErrors { code message } } }');
    return answer.errors ? undefined : answer;
  });

  expect(created).toEqual({ data: { createProspect: { prospect: { displayName: 'First' }, userErrors: [] } } });
});
