import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { hashOf } from '../../src/domain/tokens.ts';
import { adminToken, seed, startApi, type Api } from './support.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await seed(api, 3);
  for (const role of ['viewer', 'operator']) {
    await api.sql('insert into api_keys (id, name, role, hash) values (gen_random_uuid(), $1, $2::role, $3)', [`a ${role}`, role, hashOf(`key-${role}`)]);
  }
  await api.sql(`insert into api_keys (id, name, role, hash, revoked_at) values (gen_random_uuid(), 'gone', 'admin', $1, now())`, [hashOf('key-revoked')]);
});
afterAll(() => api.stop());

const viewer = { query: '{ viewer { name role } }' };

test.each([
  ['no token', {}],
  ['a wrong token', { authorization: 'Bearer nonsense' }],
  ['a revoked key', { authorization: 'Bearer key-revoked' }],
  ['another scheme', { authorization: `Basic ${adminToken}` }],
  ['a wrong cookie', { cookie: 'outrider_token=nonsense' }],
])('%s is answered by 401 and UNAUTHENTICATED', async (_what, headers) => {
  const response = await api.post(viewer, headers as Record<string, string>);
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

test.each([
  ['the admin token', { authorization: `Bearer ${adminToken}` }, { name: 'admin', role: 'ADMIN' }],
  ['an API key', { authorization: 'Bearer key-viewer' }, { name: 'a viewer', role: 'VIEWER' }],
  ['the cookie', { cookie: `other=1; outrider_token=${adminToken}` }, { name: 'admin', role: 'ADMIN' }],
])('%s says who is asking', async (_what, headers, expected) => {
  expect(await (await api.post(viewer, headers as Record<string, string>)).json()).toEqual({ data: { viewer: expected } });
});

test('the printed URL sets a cookie that scripts cannot read, and leaves the address bar', async () => {
  const response = await fetch(api.loginUrl!, { redirect: 'manual' });
  expect(response.status).toBe(303);
  expect(response.headers.get('location')).toBe('/');
  expect(response.headers.get('set-cookie')).toMatch(/^outrider_token=.*HttpOnly.*SameSite=Strict/);
  expect((await fetch(`${api.url}?token=nonsense`, { redirect: 'manual' })).status).toBe(401);
});

test.each<[string, string, RequestInit]>([
  ['a query', 'graphql', { method: 'POST', body: JSON.stringify(viewer) }],
  ['a query in the address', `graphql?query=${encodeURIComponent(viewer.query)}`, {}],
  ['a query that is refused', 'graphql', { method: 'POST', body: '{}' }],
  ['a login that is refused', 'login', { method: 'POST', body: '{}' }],
  ['an upload that is refused', 'import', { method: 'POST', body: '{}' }],
  ['the verdict', 'health/schema', {}],
  ['metrics', 'metrics', {}],
])('%s is kept by no cache, in a browser or on the way', async (_what, path, init) => {
  const headers = { 'content-type': 'application/json', cookie: `outrider_token=${adminToken}`, 'apollo-require-preflight': 'true' };
  // Three times, so that what is known is answered in its way.
  for (let time = 0; time < 3; time++) expect((await fetch(`${api.url}${path}`, { ...init, headers })).headers.get('cache-control')).toBe('no-store');
});

test('the token of a URL goes, and everything else of the address stays', async () => {
  const ask = (path: string, headers = {}) => fetch(`${api.url}${path}`, { redirect: 'manual', headers });
  const response = await ask(`messages?tab=waiting&token=${adminToken}&q=12345678901234567890`);
  expect(response.headers.get('location')).toBe('/messages?tab=waiting&q=12345678901234567890');
  expect(response.headers.get('set-cookie')).toContain(`outrider_token=${adminToken}`);
  expect((await ask(`/evil.example/?token=${adminToken}`)).headers.get('location')).toMatch(/^\/[^/]*$/);
  expect((await ask(`/?token=${adminToken}`)).headers.get('location')).toBe('/');
  const refused = await ask('jobs?status=FAILED&token=nonsense', { accept: 'text/html' });
  expect(refused.headers.get('location')).toBe('/jobs?status=FAILED#token-refused');
  expect(refused.headers.get('set-cookie')).toBeNull();
});

test.each([
  ['a key that is good', 'token=key-operator'],
  ['a key beside the token of the server', `token=key-operator&token=${adminToken}`],
  ['nothing', 'token='],
])('a URL with %s signs nobody in, whoever follows it', async (_what, query) => {
  const browser = await fetch(`${api.url}jobs?q=1&${query}`, { redirect: 'manual', headers: { accept: 'text/html' } });
  expect([browser.status, browser.headers.get('set-cookie'), browser.headers.get('referrer-policy'), browser.headers.get('cache-control')]).toEqual([303, null, 'no-referrer', 'no-store']);
  expect(browser.headers.get('location')).toMatch(/^\/jobs\?q=1#token-refused$/);
  const program = await fetch(`${api.url}jobs?${query}`, { redirect: 'manual' });
  expect([program.status, program.headers.get('set-cookie')]).toEqual([401, null]);
});

test('POST /login takes a key and gives a cookie', async () => {
  const login = (token: string) =>
    fetch(`${api.url}login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token }) });
  expect((await login('nonsense')).status).toBe(401);
  const response = await login('key-operator');
  expect(await response.json()).toEqual({ name: 'a operator', role: 'OPERATOR' });
  expect(response.headers.get('set-cookie')).toContain('outrider_token=key-operator');
});

test('a viewer reads and may not write', async () => {
  const { data, errors } = await api.ask('mutation { deleteProspects(input: { ids: [] }) { deletedCount } }', {}, 'key-viewer');
  expect(data).toBeNull();
  expect(errors).toMatchObject([{ path: ['deleteProspects'], extensions: { code: 'FORBIDDEN' } }]);
});

test('an operator writes', async () => {
  const { errors } = await api.ask('mutation { deleteProspects(input: { ids: [] }) { deletedCount } }', {}, 'key-operator');
  expect(errors).toBeUndefined();
});

test.each([
  ['bad JSON', '{ "query": ', 400],
  ['no query', {}, 400],
  ['a body that is too large', { query: 'x'.repeat(600_000) }, 413],
  ['a syntax error', { query: '{ viewer ' }, 400],
  ['an unknown field', { query: '{ viewers { name } }' }, 400],
  ['too many tokens', { query: `{ ${'viewer { name } '.repeat(1_000)} }` }, 400],
  ['a batch', [{ query: '{ viewer { name } }' }], 400],
  ['a subscription', { query: 'subscription { jobsChanged { id } }' }, 400],
  ['a wrong variable', { query: 'query ($n: Int) { prospects(first: $n) { totalCount } }', variables: { n: 'x' } }, 400],
])('%s is a JSON error with a code, without stack or suggestion', async (_what, body, status) => {
  const response = await api.post(body as object);
  const text = await response.text();
  expect(response.status).toBe(status);
  expect(JSON.parse(text).errors[0].extensions.code).toMatch(/^[A-Z_]+$/);
  expect(text).not.toMatch(/stack|node_modules|Did you mean|\.ts:/);
});

test.each([
  ['a NUL in text', 'mutation { createProspect(input: { displayName: "a\\u0000b" }) { userErrors { code } } }'],
  ['a lone surrogate', 'mutation ($n: String!) { createProspect(input: { displayName: $n }) { userErrors { code } } }'],
  ['javascript: as URL', 'mutation { createProspect(input: { displayName: "x", profileUrl: "javascript:alert(1)" }) { userErrors { code } } }'],
  ['an address without a domain', 'mutation { createProspect(input: { displayName: "x", email: "a@b" }) { userErrors { code } } }'],
  ['a day that does not exist', '{ prospects(filter: { createdAfter: "2026-02-30T00:00:00Z" }) { totalCount } }'],
])('%s is refused with a code that says it is the input', async (_what, query) => {
  const { data, errors } = await api.ask(query, { n: '\ud800' });
  const codes = [...(errors ?? []).map(({ extensions }) => extensions.code), ...(data?.createProspect?.userErrors ?? []).map(({ code }: any) => code)];
  expect(codes).toHaveLength(1);
  expect(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'INVALID']).toContain(codes[0]);
});

test('a column that is gone makes its operation SCHEMA_NOT_READY, with what is missing and the fix; the rest works', async () => {
  await api.sql('alter table prospects rename column bio_text to bio_text_gone');
  try {
    const { data, errors } = await api.ask('{ prospects { nodes { bioText } } other: prospects { nodes { id } } }');
    expect(data.prospects).toBeNull();
    expect(data.other.nodes).toHaveLength(3);
    expect(errors).toMatchObject([{ path: ['prospects'], extensions: { code: 'SCHEMA_NOT_READY', feature: expect.any(String), fix: expect.stringContaining('outrider') } }]);
    expect(errors?.[0]?.extensions['missing']).toContain('prospects.bio_text');
  } finally {
    await api.sql('alter table prospects rename column bio_text_gone to bio_text');
  }
  expect((await api.ask('{ prospects { nodes { bioText } } }')).errors).toBeUndefined();
});

test('a table that somebody keeps locked is a TIMEOUT, and the rest answers', async () => {
  const hasty = await startApi(api.databaseUrl, undefined, {}, 3_000);
  const locker = new pg.Client({ connectionString: api.databaseUrl });
  await locker.connect();
  await locker.query('begin; lock table jobs in access exclusive mode');
  try {
    const { data, errors } = await hasty.ask('{ jobs { nodes { id } } prospects { nodes { id } } }');
    expect(data.jobs).toBeNull();
    expect(data.prospects.nodes).toHaveLength(3);
    expect(errors).toMatchObject([{ path: ['jobs'], extensions: { code: 'TIMEOUT' } }]);
  } finally {
    await locker.end();
    await hasty.stop();
  }
});

test('what is not ours is not shown', async () => {
  const fork = jest.spyOn(api.orm.em, 'fork').mockImplementation(() => {
    throw new Error('a secret');
  });
  try {
    const { data, errors } = await api.ask('mutation { createProspect(input: { displayName: "New", email: "new@example.org" }) { userErrors { code } } }');
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ message: 'Something went wrong.', path: ['createProspect'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
  } finally {
    fork.mockRestore();
  }
});

test('the health routes need no token', async () => {
  expect((await fetch(`${api.url}health/live`)).status).toBe(200);
  expect(await (await fetch(`${api.url}health/ready`)).json()).toMatchObject({ ready: true });
  const schema = await fetch(`${api.url}health/schema`);
  expect(await schema.json()).toMatchObject({ drift: expect.any(Array), policy: 'DEGRADE' });
});

test('metrics need a token and are what Prometheus reads', async () => {
  expect((await fetch(`${api.url}metrics`)).status).toBe(401);
  const text = await (await fetch(`${api.url}metrics`, { headers: { authorization: `Bearer ${adminToken}` } })).text();
  expect(text).toContain('outrider_graphql_seconds_count');
});

test('a file is uploaded, and its job counts every row', async () => {
  const response = await fetch(`${api.url}import?format=csv`, {
    method: 'POST',
    headers: { authorization: 'Bearer key-operator', 'content-type': 'text/csv' },
    body: 'display_name,profile_url\nUploaded,https://uploaded.example/\nAgain,https://uploaded.example/\n',
  });
  const { job } = (await response.json()) as { job: { id: string } };
  const { data } = await api.ask('query ($id: ID!) { job(id: $id) { status processed outcomes { outcome count } } prospects(filter: { jobId: $id }) { totalCount } }', { id: job.id });
  expect(data.job).toMatchObject({ status: 'SUCCEEDED', processed: 2 });
  expect(data.prospects.totalCount).toBe(1);
});

test('a viewer may not upload', async () => {
  const response = await fetch(`${api.url}import?format=csv`, { method: 'POST', headers: { authorization: 'Bearer key-viewer' }, body: 'x' });
  expect(response.status).toBe(403);
});
