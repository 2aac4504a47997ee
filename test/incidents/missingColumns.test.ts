import { waitFor } from '../support/waitFor.ts';
import { incident, repair, type Incident } from './support.ts';

/**
 * Incident: jobs.drafts_created and jobs.total_targets were missing in production. Creating a draft job failed, no draft
 * was ever written, and the list of jobs answered [], so the dashboard said "No drafts found".
 */
let state: Incident;
beforeEach(async () => {
  state = await incident(['alter table jobs drop column drafts_created cascade', 'alter table jobs drop column total_targets cascade']);
});
afterEach(() => state.end());

const startDraftJob = `mutation ($ids: [ID!]!) {
  startDraftJob(input: { prospectIds: $ids, subjectTemplate: "Hello {{ displayName }}", bodyTemplate: "Body" }) {
    job { id status } userErrors { code message }
  }
}`;
const prospectIds = '{ prospects(first: 10, filter: { reviewStatus: [APPROVED] }) { totalCount nodes { id } } }';

test('the check names both columns, the operations that they stop, and a repair', async () => {
  const { code, out } = await state.run('schema', 'check');

  expect(code).toBe(1);
  expect(out).toMatch(/^BROKEN /);
  expect(out).toContain('jobs.drafts_created');
  expect(out).toContain('jobs.total_targets');
  expect(out).toMatch(/startDraftJob/);
  expect(out).toContain('outrider schema repair');
});

test('a server under strict does not start on it, and says why', async () => {
  const { code, err } = await state.run('serve');

  expect(code).toBe(1);
  expect(err).toMatch(/jobs\.drafts_created[^]*jobs\.total_targets[^]*Mutation\.startDraftJob[^]*outrider schema repair/);
});

test('under degrade a draft job is refused before anything is written, with both columns and the fix', async () => {
  const server = await state.serve();
  const { data } = await server.ask(prospectIds);
  const { errors } = await server.ask(startDraftJob, { ids: data.prospects.nodes.map(({ id }: { id: string }) => id) });

  expect(errors?.[0]?.extensions).toMatchObject({ code: 'SCHEMA_NOT_READY', fix: 'outrider schema repair' });
  expect(errors?.[0]?.extensions.missing).toEqual(expect.arrayContaining(['jobs.drafts_created', 'jobs.total_targets']));
  expect(await state.sql('select (select count(*)::int from jobs) as jobs, (select count(*)::int from job_targets) as targets')).toEqual([{ jobs: 2, targets: 0 }]);
});

test('the list of jobs shows what it can, and an error where it cannot; never an empty list', async () => {
  const server = await state.serve();
  const whole = await server.ask('{ jobs(first: 5) { totalCount nodes { id status } } }');
  const broken = await server.ask('{ jobs(first: 5) { totalCount nodes { id draftsCreated totalTargets } } }');

  expect(whole).toEqual({ data: { jobs: { totalCount: 2, nodes: [expect.anything(), expect.anything()] } } });
  expect(broken.errors?.[0]?.extensions.code).toBe('SCHEMA_NOT_READY');
  expect(broken.data?.jobs ?? null).toBeNull();
});

test('drafts that are there are still shown', async () => {
  const server = await state.serve();
  const { data, errors } = await server.ask('{ drafts(first: 20) { totalCount nodes { id } } }');

  expect(errors).toBeUndefined();
  expect(data.drafts.nodes).toHaveLength(10);
});

test('after the repair the running server drafts again, and no row was lost', async () => {
  const server = await state.serve();
  const { code, out } = await repair(state);
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('READY') });

  const { data } = await server.ask(prospectIds);
  const ids = data.prospects.nodes.map(({ id }: { id: string }) => id);
  const started = await waitFor(async () => {
    const answer = await server.ask(startDraftJob, { ids });
    return answer.errors ? undefined : answer;
  });

  expect(started.data.startDraftJob).toMatchObject({ job: { status: 'PENDING' }, userErrors: [] });
  expect(await state.sql('select count(*)::int as drafts from email_drafts')).toEqual([{ drafts: 10 }]);
});
