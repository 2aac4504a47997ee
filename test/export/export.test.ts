import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { adminToken, startApi, type Api } from '../graphql/support.ts';
import { holding } from '../health/support.ts';
import { hashOf } from '../../src/domain/tokens.ts';
import { waitFor } from '../support/waitFor.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
  await api.sql(`insert into api_keys (id, name, role, hash) values (gen_random_uuid(), 'a viewer', 'viewer', $1)`, [hashOf('key-viewer')]);
});
afterAll(() => api.stop());
beforeEach(() => api.sql('truncate prospects cascade'));

const ask = (query: string, token: string | null = adminToken) => fetch(`${api.url}export?${query}`, { headers: token === null ? {} : { authorization: `Bearer ${token}` } });
const csv = async (filter: object = {}) => parse(await (await ask(`format=csv&filter=${encodeURIComponent(JSON.stringify(filter))}`)).text(), { columns: true }) as Record<string, string>[];

async function add(count: number, bio = 'x'): Promise<void> {
  await api.sql(
    `insert into prospects (id, canonical_key, display_name, bio_text, tags, follower_count)
     select gen_random_uuid(), 'p' || lpad(n::text, 7, '0'), 'Name ' || n, $2, case when n % 2 = 0 then '{even}' else '{}' end::text[], n from generate_series(1, $1::int) n`, [count, bio]);
}

test('a viewer gets every prospect with its fields, in a file that is named', async () => {
  await add(3);
  const response = await ask('format=csv', 'key-viewer');

  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="prospects.csv"');
  const [header, first] = (await response.text()).split('\r\n');
  expect(header).toBe('source_type,source_platform,profile_url,username,display_name,email,bio_text,external_links,follower_count,engagement_rate,tags,scraped_at,id,stage,review_status,review_reason,draft_status,created_at,updated_at');
  expect(first).toMatch(/^website,website,,,Name 1,,x,,1,,,,[\w-]+,discovered,pending,,none,\d{4}-/);
});

test('lines of JSON have the same', async () => {
  await add(2);
  const lines = (await (await ask('format=ndjson')).text()).trimEnd().split('\n').map((line) => JSON.parse(line));

  expect(lines).toMatchObject([
    { display_name: 'Name 1', follower_count: 1, tags: [], external_links: [], engagement_rate: null, email: null },
    { display_name: 'Name 2', tags: ['even'] },
  ]);
  const { data } = await api.ask('query ($id: ID!) { prospect(id: $id) { displayName } }', { id: lines[1].id });
  expect(data.prospect.displayName).toBe('Name 2');
});

test('a filter is that of the API', async () => {
  await add(10);
  expect((await csv({ tag: 'even', minFollowers: 5 })).map((row) => row['display_name'])).toEqual(['Name 6', 'Name 8', 'Name 10'].sort((a, b) => Number(a.slice(5)) - Number(b.slice(5))));
  expect(await csv({ stage: ['SENT'] })).toEqual([]);
});

test('with nobody there is a header and nothing else', async () => {
  expect(await csv()).toEqual([]);
  expect((await (await ask('format=csv')).text()).startsWith('source_type,')).toBe(true);
  expect(await (await ask('format=ndjson')).text()).toBe('');
});

test('somebody who was erased is not in it', async () => {
  await add(2);
  await api.sql(`update prospects set erased_at = now() where display_name = 'Name 1'`);
  expect((await csv()).map((row) => row['display_name'])).toEqual(['Name 2']);
});

test.each([
  ['without a token', 'format=csv', null, 401, 'UNAUTHENTICATED'],
  ['without a format', '', adminToken, 400, 'BAD_USER_INPUT'],
  ['in another format', 'format=xlsx', adminToken, 400, 'BAD_USER_INPUT'],
  ['with a filter that is no JSON', 'format=csv&filter={', adminToken, 400, 'BAD_USER_INPUT'],
  ['with a filter that is no object', 'format=csv&filter=7', adminToken, 400, 'BAD_USER_INPUT'],
  ['with a field that there is not', `format=csv&filter=${encodeURIComponent('{"colour":"blue"}')}`, adminToken, 400, 'BAD_USER_INPUT'],
  ['with a value that there is not', `format=csv&filter=${encodeURIComponent('{"stage":["NOWHERE"]}')}`, adminToken, 400, 'BAD_USER_INPUT'],
  ['with an id of nothing', `format=csv&filter=${encodeURIComponent('{"jobId":"x"}')}`, adminToken, 400, 'BAD_USER_INPUT'],
  ['with two filters', 'format=csv&filter={}&filter={}', adminToken, 400, 'BAD_USER_INPUT'],
])('a request %s is refused', async (_, query, token, status, code) => {
  const response = await ask(query, token);
  expect(response.status).toBe(status);
  expect(((await response.json()) as any).errors[0].extensions.code).toBe(code);
});

test.each(['{"serch":"x"}', '{"stage":["DISCOVERD"]}'])('a filter that is misspelt, %s, is refused without a suggestion', async (filter) => {
  const text = await (await ask(`format=csv&filter=${encodeURIComponent(filter)}`)).text();
  expect(text).toContain('The filter is no ProspectFilter');
  expect(text).not.toContain('Did you mean');
});

test('HEAD tells what GET would, and reads nobody', async () => {
  const head = (query: string) => fetch(`${api.url}export?${query}`, { method: 'HEAD', headers: { authorization: `Bearer ${adminToken}` } });
  const { release } = await holding(api.databaseUrl, 'lock table prospects in access exclusive mode');
  try {
    const response = await head('format=ndjson');
    expect([response.status, response.headers.get('content-type'), response.headers.get('content-disposition')])
      .toEqual([200, 'application/x-ndjson; charset=utf-8', 'attachment; filename="prospects.ndjson"']);
    expect((await head('format=xml')).status).toBe(400);
  } finally {
    await release();
  }
});

test('a column that is missing is told instead of a file', async () => {
  await api.sql('alter table prospects rename column bio_text to gone');
  try {
    const response = await ask('format=csv');
    expect(response.status).toBe(503);
    expect(((await response.json()) as any).errors[0].extensions).toMatchObject({ code: 'SCHEMA_NOT_READY', missing: expect.arrayContaining(['prospects.bio_text']) });
  } finally {
    await api.sql('alter table prospects rename column gone to bio_text');
  }
});

/** An export of which only the beginning has been read. */
async function paused(query = 'format=csv'): Promise<IncomingMessage> {
  const request = get(`${api.url}export?${query}`, { headers: { authorization: `Bearer ${adminToken}` } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.pause();
  response.on('error', () => {});
  return response;
}
const open = async () => (await api.sql(`select count(*)::int as n from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`))[0].n as number;

async function rest(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}

test('a slow reader holds the rows back, and gets those of the beginning', async () => {
  await add(6_000, 'x'.repeat(4_000));
  const response = await paused();
  await waitFor(async () => (await open()) === 1);
  await api.sql(`update prospects set display_name = 'Changed'`);
  await api.sql(`delete from prospects where follower_count > 5000`);
  expect(await open()).toBe(1);

  const rows = parse(await rest(response), { columns: true }) as Record<string, string>[];
  expect(rows).toHaveLength(6_000);
  expect(rows.every((row, place) => row['display_name'] === `Name ${place + 1}`)).toBe(true);
  await waitFor(async () => (await open()) === 0);
});

test('a reader that goes away ends the export', async () => {
  await add(6_000, 'x'.repeat(4_000));
  const response = await paused();
  await waitFor(async () => (await open()) === 1);
  response.destroy();

  await waitFor(async () => (await open()) === 0);
});

test('a reader that goes away ends the statement that is running', async () => {
  const other = new pg.Client({ connectionString: api.databaseUrl });
  await other.connect();
  try {
    await other.query('begin; lock table prospects in access exclusive mode');
    const waiting = async () => (await other.query(`select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).rows[0].n as number;
    const request = get(`${api.url}export?format=csv`, { headers: { authorization: `Bearer ${adminToken}` } });
    request.on('error', () => {});
    await waitFor(async () => (await waiting()) === 1);
    request.destroy();
    await waitFor(async () => (await waiting()) === 0, { timeoutMs: 15_000 });
  } finally {
    await other.end();
  }
  await add(1);
  expect(await csv()).toHaveLength(1);
});

test('an export that breaks is no whole file, and the server goes on', async () => {
  await add(6_000, 'x'.repeat(4_000));
  const response = await paused();
  // Between two of its statements.
  await waitFor(async () => (await api.sql(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`)).length === 1);

  await expect(rest(response).then(({ length }) => length)).rejects.toThrow(/aborted/);
  await api.sql('delete from prospects where follower_count > 2');
  expect(await csv()).toHaveLength(2);
});

test('a fourth export at once is asked to wait', async () => {
  await add(6_000, 'x'.repeat(4_000));
  const running = await Promise.all([paused(), paused(), paused()]);
  const response = await ask('format=csv');
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('10');

  running.forEach((one) => one.destroy());
  await waitFor(async () => {
    const again = await ask('format=csv&filter={"minFollowers":6000}');
    await again.text();
    return again.status === 200;
  });
});
