import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toGlobalId } from '../../src/domain/globalId.ts';
import { startApi, type Api } from './support.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** A job that began at 10:00:00 and took so long. */
async function addJob(type: string, seconds: number | null): Promise<string> {
  const id = randomUUID();
  await api.sql(
    `insert into jobs (id, job_type, status, total_targets, parameters, started_at, finished_at)
     values ($1, $2::job_type, case when $3::float8 is null then 'pending' else 'succeeded' end::job_status, 9, '{}', case when $3::float8 is not null then timestamptz '2026-11-20 10:00:00Z' end, timestamptz '2026-11-20 10:00:00Z' + $3 * interval '1 second')`,
    [id, type, seconds],
  );
  return id;
}

/** Drafts of the job, each written so many seconds after 10:00:00. */
async function addDrafts(job: string, ...seconds: number[]): Promise<void> {
  await api.sql(
    `with prospect as (
       insert into prospects (id, canonical_key, display_name, profile_url)
       select gen_random_uuid(), $1::text || second, 'Ada', 'https://example.org/' || second from unnest($2::float8[]) as second returning id
     ), numbered as (select id, row_number() over () as place from prospect)
     insert into email_drafts (id, prospect_id, job_id, subject, body, fingerprint, recipient, created_at)
     select gen_random_uuid(), numbered.id, $1::uuid, 'Hello', 'Hello', 'f', 'ada@example.org', timestamptz '2026-11-20 10:00:00Z' + second * interval '1 second'
     from numbered join unnest($2::float8[]) with ordinality as given (second, place) using (place)`,
    [job, seconds],
  );
}

async function throughputOf(...jobs: string[]): Promise<{ at: string; seconds: number; written: number }[][]> {
  const { data, errors } = await api.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Job { throughput { at seconds written } } } }', { ids: jobs.map((id) => toGlobalId('Job', id)) });
  expect(errors).toBeUndefined();
  return data.nodes.map((job: { throughput: unknown }) => job.throughput);
}

test('counts what a job wrote, interval by interval from its start to its end', async () => {
  const job = await addJob('draft', 3.5);
  await addDrafts(job, 0, 0.2, 2.1, 3.5);
  expect(await throughputOf(job)).toEqual([[
    { at: '2026-11-20T10:00:00.000Z', seconds: 1, written: 2 },
    { at: '2026-11-20T10:00:01.000Z', seconds: 1, written: 0 },
    { at: '2026-11-20T10:00:02.000Z', seconds: 1, written: 1 },
    { at: '2026-11-20T10:00:03.000Z', seconds: 0.5, written: 1 },
  ]]);
});

test('loses nothing of what was written at the very end', async () => {
  const job = await addJob('draft', 3);
  await addDrafts(job, 3);
  expect((await throughputOf(job))[0]!.map(({ written }) => written)).toEqual([0, 0, 1]);
});

test.each([60, 61, 3_599, 86_400, 40 * 86_400, 200 * 86_400])('has 60 intervals at most, however long it took: %d s', async (seconds) => {
  const [intervals] = await throughputOf(await addJob('send', seconds));
  expect(intervals!.length).toBeGreaterThan(20);
  expect(intervals!.length).toBeLessThanOrEqual(60);
  expect(intervals!.reduce((sum, interval) => sum + interval.seconds, 0)).toBeCloseTo(seconds);
});

test('is of each of many jobs its own, and empty before a job has started', async () => {
  const [one, other, waiting] = [await addJob('draft', 1), await addJob('draft', 2), await addJob('import', null)];
  await addDrafts(other, 1.5);
  expect((await throughputOf(one, other, waiting)).map((job) => job.map(({ written }) => written))).toEqual([[0], [0, 1], []]);
});

test('of an import it is the prospects that it added or changed', async () => {
  const job = await addJob('import', 2);
  await api.sql(
    `insert into prospects (id, canonical_key, display_name, profile_url, source_job_id, created_at, updated_at)
     select gen_random_uuid(), 'example.com/' || created, 'Ada', 'https://example.com/' || created, $1, timestamptz '2026-11-20 10:00:00Z' + created, timestamptz '2026-11-20 10:00:00Z' + updated
     from (values (interval '-1 day', interval '1.5 seconds'), ('0.5 seconds', '1 day'), ('0.6 seconds', '0.6 seconds'), ('-2 days', '3 days')) as given (created, updated)`,
    [job],
  );
  expect((await throughputOf(job))[0]!.map(({ written }) => written)).toEqual([2, 1]);
});
