import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { waitFor } from '../support/waitFor.ts';
import { startApi, type Api } from './support.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

async function create(input: object, token?: string): Promise<any> {
  const { data, errors } = await api.ask(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key apiKey { id name role expiresAt revokedAt } userErrors { code field } } }', { input }, token);
  return errors ? { errors } : data.createApiKey;
}
const revoke = async (id: string) =>
  (await api.ask('mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { revokedAt } userErrors { code } } }', { input: { id } })).data.revokeApiKey;
const viewer = async (token: string) => (await api.ask('{ viewer { name role } }', {}, token)).data?.viewer;

test('a key opens what its role allows, and is shown only once', async () => {
  const { key, apiKey } = await create({ name: 'Ada', role: 'OPERATOR', expiresAt: '2999-01-01T00:00:00.000Z' });

  expect(await viewer(key)).toEqual({ name: 'Ada', role: 'OPERATOR' });
  expect(apiKey).toEqual({ id: expect.any(String), name: 'Ada', role: 'OPERATOR', expiresAt: '2999-01-01T00:00:00.000Z', revokedAt: null });
  expect(JSON.stringify(await api.sql('select * from api_keys'))).not.toContain(key);
  const { data } = await api.ask('{ apiKeys { nodes { name role createdAt } } __type(name: "ApiKey") { fields { name } } }');
  expect(data.apiKeys.nodes).toMatchObject([{ name: 'Ada', role: 'OPERATOR' }]);
});

test('a revoked key opens nothing from then on, on another server neither', async () => {
  const { key, apiKey } = await create({ name: 'Bob', role: 'VIEWER' });
  const other = await startApi(api.databaseUrl);
  try {
    expect(await viewer(key)).toMatchObject({ name: 'Bob' });
    expect((await other.ask('{ viewer { name } }', {}, key)).data.viewer).toEqual({ name: 'Bob' });
    expect((await revoke(apiKey.id)).apiKey.revokedAt).toEqual(expect.any(String));

    const closes = (ask: Api['ask']) => waitFor(async () => (await ask('{ viewer { name } }', {}, key)).errors?.[0]?.extensions.code === 'UNAUTHENTICATED', { timeoutMs: 8_000 });
    await Promise.all([closes(api.ask), closes(other.ask)]);
  } finally {
    await other.stop();
  }
});

test('the sockets of a revoked key are closed', async () => {
  const { key, apiKey } = await create({ name: 'Eve', role: 'VIEWER' });
  const codes: number[] = [];
  const client = createClient({
    url: `${api.url.replace('http', 'ws')}graphql`, webSocketImpl: WebSocket, retryAttempts: 0, lazy: false, onNonLazyError: () => {},
    connectionParams: { authorization: `Bearer ${key}` }, on: { closed: (event) => codes.push((event as CloseEvent).code) },
  });
  const connected = new Promise((resolve) => client.on('connected', resolve));
  await connected;
  await revoke(apiKey.id);

  await waitFor(async () => codes.includes(4403));
  await client.dispose();
});

test('revoking twice keeps the first moment, and what is no key is not found', async () => {
  const { apiKey } = await create({ name: 'Twice', role: 'VIEWER' });
  const first = await revoke(apiKey.id);

  expect(await revoke(apiKey.id)).toEqual(first);
  expect((await revoke('nothing')).userErrors).toEqual([{ code: 'NOT_FOUND' }]);
});

test.each<[string, object, string]>([
  ['without a name', { name: ' ' }, 'name'],
  ['in the name of the server itself', { name: 'Worker' }, 'name'],
  ['that has expired', { expiresAt: '2020-01-01T00:00:00.000Z' }, 'expiresAt'],
])('a key %s is refused', async (_, change, field) => {
  expect(await create({ name: 'x', role: 'VIEWER', ...change })).toEqual({ key: null, apiKey: null, userErrors: [{ code: 'INVALID', field: ['input', field] }] });
});

test('an operator can neither see nor make keys, nor find one by its id', async () => {
  const { key, apiKey } = await create({ name: 'Operator', role: 'OPERATOR' });

  expect((await create({ name: 'Mallory', role: 'ADMIN' }, key)).errors[0].extensions.code).toBe('FORBIDDEN');
  const { data, errors } = await api.ask('query ($id: ID!) { apiKeys { nodes { name } } node(id: $id) { id } }', { id: apiKey.id }, key);
  expect(data).toEqual({ apiKeys: null, node: null });
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  expect((await api.ask('query ($id: ID!) { node(id: $id) { id } }', { id: apiKey.id })).data.node).toEqual({ id: apiKey.id });
});
