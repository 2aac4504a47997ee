import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { DraftStatus } from '../../src/domain/enums.ts';
import { startDraftJob } from '../../src/services/drafts/startDraftJob.ts';
import { seed, startApi, type Api } from '../graphql/support.ts';
import { JobBench } from '../jobs/support.ts';
import { waitFor } from '../support/waitFor.ts';
import { queryOnce, urlOf } from '../support/database.ts';

let api: Api;
let bench: JobBench;
let name: string;
beforeAll(async () => {
  api = await startApi();
  bench = await JobBench.open({ url: api.databaseUrl, drop: async () => {} });
  name = new URL(api.databaseUrl).pathname.slice(1);
  await seed(api, 40);
});
afterEach(() => change(`alter database ${name} reset all`));
afterAll(async () => {
  await bench.close();
  await api.stop();
});

/** From beside the database, whose own settings hold for whoever is in it; sessions that there are have the old ones, so they end. */
async function change(...statements: string[]): Promise<void> {
  for (const statement of statements) await queryOnce(urlOf('postgres'), statement);
  await queryOnce(urlOf('postgres'), `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1`, [name]);
  for (const one of [api.orm, bench.orm]) await waitFor(() => one.em.fork().execute('select 1'));
  await waitFor(() => bench.query('select 1'));
}

interface Page {
  data: { prospects: { totalCount: number } };
}

const lists = `query ($after: String) {
  prospects(first: 7, after: $after) { totalCount edges { cursor node { id displayName createdAt updatedAt engagementRate externalLinks tags stage } } pageInfo { endCursor } }
  drafts(first: 5) { edges { cursor node { id createdAt } } }
  jobs(first: 3) { nodes { id createdAt failureReasons { code count } } }
  found: prospects(first: 3, filter: { search: "Name 3" }) { nodes { id } }
  later: prospects(first: 1, filter: { createdAfter: "2026-01-01T00:00:05Z" }) { totalCount }
}`;

/** Once the pool has noticed that its sessions were ended. */
async function pages(): Promise<object[]> {
  const first = await waitFor(async () => {
    const answer = await api.ask(lists);
    return answer.errors?.some(({ extensions }) => extensions.code === 'DATABASE_UNAVAILABLE') ? null : answer;
  });
  return [first, await api.ask(lists, { after: first.data?.prospects?.pageInfo.endCursor })];
}

const create = (of: string) => api.ask(`mutation ($of: URL!) { createProspect(input: { displayName: "back\\\\slash ' quote", profileUrl: $of }) { prospect { displayName createdAt } userErrors { code } } }`, { of: `https://${of}.example/` });

test('dates, numbers and literals that the database spells otherwise, and another isolation, change nothing that is read or written', async () => {
  const before = await pages();
  await change(
    `alter database ${name} set datestyle = 'German, DMY'`, `alter database ${name} set timezone = 'Asia/Kathmandu'`, `alter database ${name} set standard_conforming_strings = off`,
    `alter database ${name} set intervalstyle = iso_8601`, `alter database ${name} set bytea_output = escape`, `alter database ${name} set extra_float_digits = -15`,
    `alter database ${name} set default_transaction_isolation = serializable`, `alter database ${name} set default_text_search_config = 'german'`,
    `alter database ${name} set array_nulls = off`, `alter database ${name} set transform_null_equals = on`, `alter database ${name} set enable_indexscan = off`,
    `alter database ${name} set gin_fuzzy_search_limit = 1`, `alter database ${name} set enable_seqscan = off`,
  );

  expect(await pages()).toEqual(before);
  const { data, errors } = await create('elsewhere');
  expect(errors).toBeUndefined();
  expect(data.createProspect).toMatchObject({ prospect: { displayName: `back\\slash ' quote`, createdAt: expect.stringMatching(/^20\d\d-\d\d-\d\dT[\d:.]+Z$/) }, userErrors: [] });
  expect((await api.health.check({ refresh: true })).status).toBe('READY');

  await bench.addProspects(2_000);
  await api.orm.em.fork().execute('vacuum prospects');
  expect(await api.ask('{ prospects(first: 1, filter: { search: "Prospect" }) { totalCount } }')).toEqual({ data: { prospects: { totalCount: 2_000 } } });
  expect(await api.orm.em.fork().execute(`select unnest('{NULL}'::text[]) as nothing`)).toEqual([{ nothing: null }]);
  await Promise.all([1, 2].map(() => bench.startWorker()));
  const { jobId } = await startDraftJob(bench.context, { bodyTemplate: 'Hello {{ displayName }}', filter: { search: 'Prospect' }, expectedCount: 2_000 });
  await bench.jobIn(jobId, 'succeeded');
  expect(await bench.expectSettled(jobId)).toMatchObject({ done_count: 2_000, failed_count: 0 });
  await bench.stopWorkers();
});

test('a database that was made read-only: lists answer, what writes is refused and says why, a job waits and blames nobody, and all goes on', async () => {
  const [{ data: { prospects: { totalCount } } }] = (await pages()) as [Page];
  await bench.addProspects(3_000);
  await bench.slowDown(0.3);
  const { jobId } = await startDraftJob(bench.context, { bodyTemplate: 'Hello {{ displayName }}', filter: { draftStatus: [DraftStatus.NONE], search: 'Prospect' }, expectedCount: 3_000 });
  await bench.startWorker();
  await bench.jobInTheMiddle(jobId);
  await change(`alter database ${name} set default_transaction_read_only = on`);

  const [page] = (await pages()) as [Page];
  expect(page.data.prospects.totalCount).toBe(totalCount + 3_000);
  const report = await api.health.check({ refresh: true });
  expect(report).toMatchObject({ status: 'BROKEN', summary: expect.stringContaining('default_transaction_read_only is on') });
  const { errors } = await create('frozen');
  expect(errors).toMatchObject([{ message: expect.stringContaining('default_transaction_read_only'), extensions: { code: 'SCHEMA_NOT_READY', missing: ['default_transaction_read_only'] } }]);
  const { processed } = await bench.job(jobId);
  expect(await bench.job(jobId)).toMatchObject({ status: 'running', failed_count: 0, processed });

  await change(`alter database ${name} reset all`);
  expect((await api.health.check({ refresh: true })).drift.filter(({ severity }) => severity === 'BREAKING')).toEqual([]);
  await waitFor(async () => (await create('thawed')).data?.createProspect.userErrors.length === 0);
  await bench.jobIn(jobId, 'succeeded');
  expect(await bench.expectSettled(jobId)).toMatchObject({ done_count: 3_000, failed_count: 0 });
});

test('statements of a worker take as long as they take, whatever limit the role has', async () => {
  await bench.addProspects(20);
  await bench.query('drop trigger if exists take_time on job_targets');
  await bench.query('drop function if exists take_time');
  await bench.slowDown(1.3);
  const limits = await bench.query<{ name: string }>(`select name from pg_settings where name in ('statement_timeout', 'transaction_timeout')`);
  await change(...limits.map((limit) => `alter database ${name} set ${limit.name} = 1000`));

  const { jobId } = await startDraftJob(bench.context, { bodyTemplate: 'Hello {{ displayName }}', filter: { draftStatus: [DraftStatus.NONE], search: 'Prospect' }, expectedCount: 20 });
  await bench.startWorker();
  await bench.jobIn(jobId, 'succeeded');
  expect(await bench.expectSettled(jobId)).toMatchObject({ done_count: 20, failed_count: 0 });
  await bench.stopWorkers();
});

test('time-outs that end sessions and statements at once are said to be the database, and nothing is written by half', async () => {
  await change(`alter database ${name} set idle_in_transaction_session_timeout = 1`, `alter database ${name} set lock_timeout = 1`);

  for (let time = 0; time < 5; time += 1) {
    const { errors } = await create(`hasty-${time}`);
    expect(errors?.map(({ extensions }) => extensions.code).filter((code) => !['DATABASE_UNAVAILABLE', 'TIMEOUT'].includes(code)) ?? []).toEqual([]);
  }
});
