import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { adminToken, startApi, type Api } from './support.ts';

let api: Api;

beforeAll(async () => {
  // Nothing listens on port 1.
  api = await startApi('postgresql://nobody@127.0.0.1:1/nothing');
});
afterAll(() => api.stop());

test('lists answer null and DATABASE_UNAVAILABLE, never an empty list, and what needs no database answers', async () => {
  const { data, errors } = await api.ask('{ prospects { nodes { id } } jobs { nodes { id } } viewer { name } }');
  expect(data).toEqual({ prospects: null, jobs: null, viewer: { name: 'admin' } });
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['DATABASE_UNAVAILABLE', 'DATABASE_UNAVAILABLE']);
});

test('a mutation answers DATABASE_UNAVAILABLE', async () => {
  const { errors } = await api.ask('mutation { createProspect(input: { displayName: "x", email: "x@example.org" }) { userErrors { code } } }');
  expect(errors).toMatchObject([{ extensions: { code: 'DATABASE_UNAVAILABLE' } }]);
});

test('schemaHealth says UNREACHABLE and why', async () => {
  const { data } = await api.ask('{ schemaHealth { status error } }');
  expect(data.schemaHealth).toMatchObject({ status: 'UNREACHABLE', error: expect.stringContaining('127.0.0.1') });
});

test('a key that nobody can look up is 503, not 401', async () => {
  const response = await api.post({ query: '{ viewer { name } }' }, { authorization: 'Bearer outrider_key_x' });
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'DATABASE_UNAVAILABLE' } }] });
});

test.each([
  ['POST /login', 'login', { 'content-type': 'application/json' }, JSON.stringify({ token: 'outrider_key_x' })],
  ['the printed URL of another server', '?token=outrider_key_x', {}, undefined],
  ['POST /import', 'import?format=csv', { authorization: `Bearer ${adminToken}` }, 'display_name,profile_url\nAda,https://ada.example\n'],
])('%s answers 503 and DATABASE_UNAVAILABLE', async (_what, path, headers: Record<string, string>, body) => {
  const response = await fetch(`${api.url}${path}`, { method: body === undefined ? 'GET' : 'POST', headers, body });
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'DATABASE_UNAVAILABLE' } }] });
});

test('a socket whose key nobody can look up is told to come again, not that the key is wrong', async () => {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer outrider_key_x' } })));
  expect(await new Promise((resolve) => socket.on('close', resolve))).toBe(1013);
});

test('the process is live and not ready', async () => {
  expect((await fetch(`${api.url}health/live`)).status).toBe(200);
  expect((await fetch(`${api.url}health/ready`)).status).toBe(503);
});
