import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { hashOf } from '../../src/domain/tokens.ts';
import { startApi, type Api } from '../graphql/support.ts';
import { waitFor } from '../support/waitFor.ts';

let api: Api;
/** A second server on the same database. */
let other: Api;
const limits = { RATE_LIMIT: '1', RATE_LIMIT_BURST: '100' };

beforeAll(async () => {
  api = await startApi(undefined, undefined, limits);
  other = await startApi(api.databaseUrl, undefined, limits);
  for (const name of ['http', 'both', 'socket', 'calm', 'open']) {
    await api.sql(`insert into api_keys (id, name, role, hash) values (gen_random_uuid(), $1, 'viewer', $2)`, [name, hashOf(`key-${name}`)]);
  }
});
afterAll(async () => {
  await other.stop();
  await api.stop();
});

const sent = { query: '{ viewer { name } }' };
const as = (name: string) => ({ authorization: `Bearer key-${name}` });

/** How many of so many requests are answered, and the first that is not. */
async function use(servers: Api[], name: string, count: number): Promise<{ answered: number; refused: Response | undefined }> {
  let answered = 0;
  let refused: Response | undefined;
  for (let time = 0; time < count; time++) {
    const response = await servers[time % servers.length]!.post(sent, as(name));
    if (response.status === 200) answered += 1;
    else refused ??= response;
  }
  return { answered, refused };
}

test('a key that has used up its points gets 429, RATE_LIMITED and when to try again, also for what is known', async () => {
  const { answered, refused } = await use([api], 'http', 20);
  // 11 points each; a point comes back a second.
  expect(answered).toBeGreaterThanOrEqual(9);
  expect(answered).toBeLessThan(12);
  expect(refused!.status).toBe(429);
  expect(Number(refused!.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused!.json()).toMatchObject({ errors: [{ message: expect.stringContaining('RATE_LIMIT'), extensions: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) } }] });
});

test('two servers have one limit', async () => {
  const { answered } = await use([api, other], 'both', 24);
  expect(answered).toBeLessThan(12);
});

test('on a socket it is an error of the operation, and the socket stays', async () => {
  const client = createClient({ url: `${api.url.replace('http', 'ws')}graphql`, webSocketImpl: WebSocket, connectionParams: as('socket'), retryAttempts: 0, lazy: false });
  const run = () => new Promise<any>((resolve) => void client.subscribe(sent, { next: (result) => resolve(result), error: (errors) => resolve({ errors }), complete: () => {} }));
  const results = [];
  for (let time = 0; time < 15; time++) results.push(await run());
  expect(results[0]).toMatchObject({ data: { viewer: { name: 'socket' } } });
  expect(results.at(-1)).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
  await client.dispose();
});

test('neither another key, nor the admin token, nor the health routes are kept waiting by it', async () => {
  await use([api], 'http', 5);
  expect((await api.post(sent, as('calm'))).status).toBe(200);
  for (let time = 0; time < 30; time++) expect((await api.post({ query: '{ schemaHealth { status } }' })).status).toBe(200);
  for (let time = 0; time < 10; time++) expect((await fetch(`${api.url}health/ready`)).status).toBe(200);
});

test('whoever asks is told what is left', async () => {
  const { extensions } = (await (await api.post(sent, { ...as('calm'), 'outrider-cost': '1' })).json()) as any;
  expect(extensions.cost).toMatchObject({ requestedQueryCost: 11, throttleStatus: { maximumAvailable: 100, restoreRate: 1, currentlyAvailable: expect.any(Number) } });
  expect(extensions.cost.throttleStatus.currentlyAvailable).toBeLessThan(90);
});

test('where the table is lost, nobody is refused because of it, the limit is kept by each process, and schema health names the table', async () => {
  await api.sql('alter table rate_limits rename to rate_limits_gone');
  try {
    const { answered, refused } = await use([api], 'open', 15);
    expect(answered).toBeGreaterThanOrEqual(9);
    expect(refused!.status).toBe(429);
    const report = await waitFor(async () => {
      const { data } = await api.ask('{ schemaHealth(refresh: true) { drift { message affects } } }');
      return JSON.stringify(data).includes('rate_limits') && data;
    });
    expect(report).toBeTruthy();
  } finally {
    await api.sql('alter table rate_limits_gone rename to rate_limits');
  }
});
