import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { waitFor } from '../../support/waitFor.ts';
import { adminToken, startApi, type Answer, type Api } from '../support.ts';
import { ids, makeFixtures, type Fixtures } from './fixtures.ts';
import { openServed, type Served } from './served.ts';

let served: Served;
let api: Api;
let rows: Fixtures;
beforeAll(async () => {
  served = await openServed();
  api = await startApi(served.url);
  rows = await makeFixtures(served.owner);
});
afterAll(async () => {
  await api.stop();
  await served.drop();
});

/** While the statements hold; mended afterwards, and seen to be. */
async function during(broken: string, mended: string, work: () => Promise<void>): Promise<void> {
  await served.owner.query(broken);
  await api.ask('{ schemaHealth(refresh: true) { status } }');
  try {
    await work();
  } finally {
    await served.owner.query(mended);
  }
}

const codeOf = ({ errors }: Answer) => errors?.[0]?.extensions.code;
const count = async (table: string) => Number((await served.owner.query(`select count(*) from ${table}`)).rows[0].count);

const start = `mutation ($input: StartDraftJobInput!) { startDraftJob(input: $input) { job { id } userErrors { message } } }`;
const toApproved = (channel = 'EMAIL') => ({ input: { channel, prospectIds: [ids.prospect(rows.reachable)], bodyTemplate: 'Hello {{ displayName }}' } });
const create = (name: string) => `mutation { createProspect(input: { displayName: "${name}", profileUrl: "https://${name}.example.org/" }) { prospect { id } userErrors { message } } }`;

test('a write that would vanish is refused before anything is written', () =>
  during('create rule swallow as on insert to jobs do instead nothing', 'drop rule swallow on jobs', async () => {
    const before = await count('activities');
    const answer = await api.ask(start, toApproved());
    expect(answer.errors?.[0]).toMatchObject({ path: ['startDraftJob'], extensions: { code: 'SCHEMA_NOT_READY', feature: 'JOBS', missing: ['jobs'] } });
    expect(await count('activities')).toBe(before);
  }));

test('what a rule on inserts does not touch goes on', () =>
  during('create rule swallow as on insert to jobs do instead nothing', 'drop rule swallow on jobs', async () => {
    const answer = await api.ask('mutation ($input: JobActionInput!) { pauseJob(input: $input) { job { status } userErrors { message } } }', { input: { id: ids.job(rows.pausable) } });
    expect(answer).toEqual({ data: { pauseJob: { job: { status: 'PAUSED' }, userErrors: [] } } });
  }));

test('rows that row security hides are an error, not an empty list', () =>
  during('alter table prospects enable row level security', 'alter table prospects disable row level security', async () => {
    const answer = await api.ask('{ prospects { totalCount } jobs { totalCount } }');
    expect(answer.data).toMatchObject({ prospects: null, jobs: { totalCount: expect.any(Number) } });
    expect(answer.errors).toHaveLength(1);
    expect(codeOf(answer)).toBe('SCHEMA_NOT_READY');
  }));

test('a node that is hidden is an error, not null', () =>
  during('alter table prospects enable row level security', 'alter table prospects disable row level security', async () => {
    const query = 'query ($prospect: ID!, $job: ID!) { prospect: node(id: $prospect) { id } job: node(id: $job) { id } }';
    const answer = await api.ask(query, { prospect: ids.prospect(rows.approved), job: ids.job(rows.readJob) });
    expect(answer.data).toEqual({ prospect: null, job: { id: ids.job(rows.readJob) } });
    expect(codeOf(answer)).toBe('SCHEMA_NOT_READY');
  }));

test('an edge whose rows are hidden leaves its list', () =>
  during('alter table social_profiles enable row level security', 'alter table social_profiles disable row level security', async () => {
    const answer = await api.ask('{ prospects(first: 1) { nodes { displayName socialProfiles { id } } } }');
    expect(answer.data).toEqual({ prospects: { nodes: [{ displayName: expect.any(String), socialProfiles: null }] } });
    expect(codeOf(answer)).toBe('SCHEMA_NOT_READY');
  }));

test('without the social tables the website pipeline goes on', () =>
  during('alter table social_profiles rename to lost_profiles; alter table social_drafts rename to lost_drafts; alter table social_messages rename to lost_messages',
    'alter table lost_profiles rename to social_profiles; alter table lost_drafts rename to social_drafts; alter table lost_messages rename to social_messages', async () => {
      expect(await api.ask('{ prospects { totalCount } drafts(channel: EMAIL) { totalCount } jobs { totalCount } pipelineStatus { total } }')).not.toHaveProperty('errors');
      expect(await api.ask('query ($id: ID!) { draft(id: $id) { subject } }', { id: ids.draft(rows.emailDraft) })).toEqual({ data: { draft: { subject: 'For you' } } });
      expect(await api.ask(create('website'))).toMatchObject({ data: { createProspect: { userErrors: [] } } });
      const review = 'mutation ($input: ReviewProspectsInput!) { reviewProspects(input: $input) { changedCount } }';
      expect(await api.ask(review, { input: { ids: [ids.prospect(rows.pending)], decision: 'REJECT' } })).toEqual({ data: { reviewProspects: { changedCount: 1 } } });
      expect(await api.ask(start, toApproved())).toMatchObject({ data: { startDraftJob: { userErrors: [] } } });
      expect(codeOf(await api.ask(start, toApproved('SOCIAL')))).toBe('SCHEMA_NOT_READY');
    }));

test('a job that waits for its tables says so', async () => {
  await served.owner.query(`insert into workers (id, name, version, seen_at) values (gen_random_uuid(), 'worker', '1', now() + interval '1 hour')`);
  await served.owner.query(`update jobs set parameters = '{"channel": "email"}' where id = $1`, [rows.readJob]);
  const waitingFor = async () => (await api.ask('query ($id: ID!) { job(id: $id) { waitingFor } }', { id: ids.job(rows.readJob) })).data.job.waitingFor;
  await during('alter table email_drafts rename column body to gone_away', 'alter table email_drafts rename column gone_away to body', async () => {
    expect(await waitingFor()).toBe('The schema is not ready: email_drafts.body. Mend it with "outrider schema repair".');
  });
  await api.ask('{ schemaHealth(refresh: true) { status } }');
  expect(await waitingFor()).toBeNull();
});

test('an error that comes before anybody has looked names what is missing too', async () => {
  await served.owner.query('alter table prospects rename column bio_text to gone_away');
  try {
    const answer = await api.ask('{ prospects { nodes { bioText } } }');
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'SCHEMA_NOT_READY', feature: 'PROSPECTS', missing: ['prospects.bio_text'], fix: 'outrider schema repair' });
    expect(await api.ask('{ prospects { nodes { displayName } } }')).not.toHaveProperty('errors');
  } finally {
    await served.owner.query('alter table prospects rename column gone_away to bio_text');
  }
});

test('a count that contradicts its rows is an error', () =>
  during(
    `alter table prospects rename to real_prospects;
     create sequence turn;
     create function seen() returns boolean language sql volatile security definer as 'select nextval(''turn'') > (select count(*) from public.real_prospects)';
     create view prospects as select * from real_prospects where seen();
     grant select on prospects to public`,
    `drop view prospects; drop function seen(); drop sequence turn; alter table real_prospects rename to prospects`,
    async () => {
      const answer = await api.ask('{ prospects { totalCount nodes { displayName } } }');
      expect(answer).toMatchObject({ data: { prospects: null }, errors: [{ extensions: { code: 'DATA_INTEGRITY' } }] });
    },
  ));

test('prospects in a stage that nobody knows are an error, not left out of the funnel', () =>
  during(`alter type pipeline_stage rename value 'discovered' to 'found'`, `alter type pipeline_stage rename value 'found' to 'discovered'`, async () => {
    const answer = await api.ask('{ pipelineStatus { total } }');
    expect(answer.data).toEqual({ pipelineStatus: null });
    expect(codeOf(answer)).toBe('DATA_INTEGRITY');
  }));

test('what was refused works as soon as it is mended', async () => {
  await during('alter table activities rename to gone_away', 'alter table gone_away rename to activities', async () => {
    expect(codeOf(await api.ask(create('before')))).toBe('SCHEMA_NOT_READY');
  });
  expect(await api.ask(create('after'))).toMatchObject({ data: { createProspect: { userErrors: [] } } });
});

test('an upload is refused before it is read, and an error in its midst is named', async () => {
  const upload = () =>
    fetch(`${api.url}import?format=csv`, { method: 'POST', headers: { authorization: `Bearer ${adminToken}` }, body: 'name,url\nEve,https://eve.example.org/\n' });
  const jobs = await count('jobs');
  await during('alter table job_chunks rename column fence to gone_away', 'alter table job_chunks rename column gone_away to fence', async () => {
    const response = await upload();
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'SCHEMA_NOT_READY', missing: ['job_chunks.fence'] } }] });
  });
  expect(await count('jobs')).toBe(jobs);
  await api.ask('{ schemaHealth(refresh: true) { status } }');
  await served.owner.query('alter table prospects rename column scraped_at to gone_away');
  try {
    expect(await (await upload()).json()).toMatchObject({ errors: [{ extensions: { code: 'SCHEMA_NOT_READY', missing: ['prospects.scraped_at'] } }] });
  } finally {
    await served.owner.query('alter table prospects rename column gone_away to scraped_at');
  }
});

test('subscriptions over a socket are refused with what is missing', () =>
  during('alter table jobs rename column sequence to gone_away', 'alter table jobs rename column gone_away to sequence', async () => {
    const client = createClient({ url: `${api.url.replace('http', 'ws')}graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${adminToken}` } });
    let heard: unknown = null;
    client.subscribe({ query: 'subscription { jobsChanged { id } }' }, { next: (result) => (heard = result.errors ?? result), error: (errors) => (heard = errors), complete: () => {} });
    await waitFor(() => heard !== null);
    await client.dispose();
    expect(heard).toMatchObject([{ extensions: { code: 'SCHEMA_NOT_READY', missing: ['jobs.sequence'] } }]);
  }));
