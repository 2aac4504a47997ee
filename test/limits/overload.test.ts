import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { holding as hold } from '../health/support.ts';
import { adminToken, seed, startApi, type Api } from '../graphql/support.ts';
import { outreachOf } from '../support/outreach.ts';
import { waitFor } from '../support/waitFor.ts';

const places = 3;
const query = '{ prospects(first: 1) { nodes { displayName } } }';
const mutation = 'mutation { tagProspects(input: { filter: {}, expectedCount: 2, add: ["a"] }) { userErrors { message } } }';

let api: Api;
beforeAll(async () => {
  api = await startApi(undefined, outreachOf(), { LIMIT_OPERATIONS: String(places) }, 60_000);
  await seed(api, 2);
  // Compiled by now, and answered ahead of the rest.
  for (let run = 0; run < 3; run++) await api.ask(query);
});
afterAll(() => api.stop());

const metrics = async () => (await fetch(`${api.url}metrics`, { headers: { authorization: `Bearer ${adminToken}` } })).text();
const running = async () => Number(/outrider_operations_running (\d+)/.exec(await metrics())?.[1]);
const refused = async () => Number(/outrider_operations_refused_total (\d+)/.exec(await metrics())?.[1]);

/** Runs something while whoever reads prospects waits. */
async function whileLocked(run: () => Promise<void>): Promise<void> {
  const { release } = await hold(api.databaseUrl, 'lock table prospects in access exclusive mode');
  await run().finally(release);
}

/** Runs something while every place is taken by a query that waits for a lock; answers what those queries answered in the end. */
async function whileFull(run: () => Promise<void>): Promise<unknown[]> {
  let answers: Promise<unknown>[] = [];
  await whileLocked(async () => {
    answers = Array.from({ length: places }, async () => (await api.ask(query)).data);
    await waitFor(async () => (await running()) === places);
    await run();
  });
  return Promise.all(answers);
}

test.each([
  ['a query that is known', () => api.post({ query })],
  ['a query that is new', () => api.post({ query: '{ viewer { role } }' })],
  ['a mutation', () => api.post({ query: mutation })],
  ['a query in the address', () => fetch(`${api.url}graphql?query=${encodeURIComponent(query)}`, { headers: { authorization: `Bearer ${adminToken}`, 'apollo-require-preflight': 'true' } })],
])('%s is told to come later while all places are taken, and those who have one get their answer', async (_what, ask) => {
  const before = await refused();
  const answers = await whileFull(async () => {
    const response = await ask();

    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
    expect(await response.json()).toEqual({ errors: [{ message: 'The server has as much to do as it can: try again in a second.', extensions: { code: 'OVERLOADED' } }] });
    expect(await refused()).toBe(before + 1);
  });

  expect(answers).toEqual(Array.from({ length: places }, () => ({ prospects: { nodes: [{ displayName: expect.any(String) }] } })));
  expect(await running()).toBe(0);
  expect((await api.post({ query })).status).toBe(200);
});

test('many who come at the same moment get as many places as there are, and the others are told', async () => {
  const statuses: number[] = [];
  await whileLocked(async () => {
    const answers = Array.from({ length: 4 * places }, async () => statuses.push((await api.post({ query })).status));
    await waitFor(async () => statuses.length === 3 * places);
    expect(statuses).toEqual(Array(3 * places).fill(503));
    void Promise.allSettled(answers);
  });
  await waitFor(async () => statuses.length === 4 * places);
  expect(statuses.filter((status) => status === 200)).toHaveLength(places);
});

test('health, metrics and the dashboard answer all the same', async () => {
  await whileFull(async () => {
    for (const path of ['health/live', 'health/ready', 'metrics']) {
      const response = await fetch(api.url + path, { headers: { authorization: `Bearer ${adminToken}` } });
      expect([path, response.status]).toEqual([path, 200]);
    }
    // The page itself, where it is built.
    expect(await (await fetch(api.url)).text()).not.toContain('OVERLOADED');
  });
});

test('an operation that fails, is refused or is left alone gives its place back', async () => {
  await api.post({ query: '{ nothing }' });
  await api.post({ query: 'mutation { tagProspects(input: { filter: {}, expectedCount: 77, add: ["a"] }) { userErrors { message } } }' });
  await whileFull(async () => {});
  const gone = new AbortController();
  await whileLocked(async () => {
    const asked = fetch(`${api.url}graphql`, { method: 'POST', signal: gone.signal, headers: { 'content-type': 'application/json', authorization: `Bearer ${adminToken}` }, body: JSON.stringify({ query }) });
    await waitFor(async () => (await running()) === 1);
    gone.abort();
    await expect(asked).rejects.toThrow('aborted');
  });
  await waitFor(async () => (await running()) === 0);
});

test('a key whose queries wait takes not all places: who has another is answered, and it is told to come later', async () => {
  const [key, other] = await Promise.all(['Mallory', 'Ada'].map(async (name) => (await api.ask('mutation ($name: String!) { createApiKey(input: { name: $name, role: VIEWER }) { key } }', { name })).data.createApiKey.key as string));
  const ask = async (token: string, text = query) => (await api.post({ query: text }, { authorization: `Bearer ${token}` })).status;
  await whileLocked(async () => {
    const statuses: number[] = [];
    for (let asked = 0; asked < places; asked++) void ask(key!).then((status) => statuses.push(status));
    await waitFor(async () => (await running()) + statuses.length === places);
    expect(await ask(other!, '{ viewer { name } }')).toBe(200);
    expect(statuses).toEqual([503]);
    expect(await ask(key!)).toBe(503);
  });
  await waitFor(async () => (await running()) === 0);
  expect(await ask(key!)).toBe(200);
});
