import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildDashboard, buildGraphiql } from '../support/build.ts';
import { adminToken, startApi, type Api } from '../graphql/support.ts';

const asBrowser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const built = join(import.meta.dirname, '../../dist/graphiql');

beforeAll(async () => {
  await Promise.all([buildDashboard(), buildGraphiql()]);
});

const get = (api: Api, path: string, headers: Record<string, string> = asBrowser) => fetch(`${api.url}${path}`, { headers, redirect: 'manual' });
const script = () => /assets\/[^"]+\.js/.exec(readFileSync(join(built, 'index.html'), 'utf8'))![0];

describe('where the schema may be asked for', () => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  test('GET /graphiql answers the page to anybody, without an inline script', async () => {
    const response = await get(api, 'graphiql');
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(page).toContain('<title>GraphiQL · Outrider</title>');
    expect(page).not.toMatch(/<script(?![^>]* src=)|https?:\/\//);
  });

  test('its policy allows no more than that of the dashboard', async () => {
    const policyOf = async (path: string) => (await get(api, path)).headers.get('content-security-policy');
    expect(await policyOf('graphiql')).toBe(await policyOf(''));
    expect(await policyOf('graphiql')).toContain("script-src 'self';");
  });

  test('its files are kept for ever, and those that are not there are not the dashboard', async () => {
    const file = await get(api, `graphiql/${script()}`);
    expect([file.status, file.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect((await get(api, 'graphiql/assets/nothing.js')).status).toBe(404);
  });

  test('the page of the dashboard names it, and is not kept', async () => {
    const response = await get(api, 'jobs');
    expect(await response.text()).toContain('<link rel="service-doc" href="/graphiql">');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('a printed address signs in there too', async () => {
    const response = await get(api, `graphiql?token=${adminToken}`);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/graphiql']);
    expect(response.headers.get('set-cookie')).toContain('outrider_token');
  });

  test.each([
    ['', '/graphiql'],
    ['?token=secret', '/graphiql?token=secret'],
  ])('a browser that opens /graphql%s is led to it', async (search, to) => {
    const response = await get(api, `graphql${search}`);
    expect([response.status, response.headers.get('location')]).toEqual([303, to]);
  });

  test.each([
    ['an operation', 'graphql?query={__typename}', asBrowser],
    ['the id of a document', 'graphql?documentId=abc', asBrowser],
    ['anything as the answer', 'graphql', { accept: '*/*' }],
    ['JSON before HTML', 'graphql', { accept: 'application/json, text/html' }],
  ])('a GET with %s is not', async (_what, path, headers) => {
    const response = await get(api, path, headers);
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toContain('json');
  });
});

describe.each([
  ['introspection is off', { INTROSPECTION: 'off' }],
  ['the server listens for others', { HOST: '0.0.0.0', SECRET_KEY: 'a-secret-key-of-the-tests' }],
  ['only trusted documents are run', { TRUSTED_DOCUMENTS: 'dashboard' }],
])('where %s', (_where, variables) => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi(undefined, undefined, variables);
  });
  afterAll(() => api.stop());

  test.each(['graphiql', 'graphiql/', 'graphiql/assets'])('/%s is a path like any other that is not there', async (path) => {
    for (const headers of [asBrowser, { accept: 'application/json' }]) {
      const [response, other] = await Promise.all([get(api, path, headers), get(api, 'nowhere', headers)]);
      expect([response.status, await response.text()]).toEqual([other.status, await other.text()]);
    }
  });

  test('its files are not served', async () => {
    expect((await get(api, `graphiql/${script()}`, { accept: 'application/json' })).status).toBe(404);
  });

  test('the page of the dashboard does not name it', async () => {
    expect(await (await get(api, '')).text()).not.toMatch(/graphiql|service-doc/i);
  });

  test('a browser that opens /graphql is told what it is', async () => {
    const response = await get(api, 'graphql');
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'text/plain; charset=utf-8']);
    expect(await response.text()).toMatch(/^This is the GraphQL API\. Send operations here by POST/);
  });
});

test('INTROSPECTION=on serves it to others as well', async () => {
  const api = await startApi(undefined, undefined, { HOST: '0.0.0.0', SECRET_KEY: 'a-secret-key-of-the-tests', INTROSPECTION: 'on' });
  try {
    expect((await get(api, 'graphiql')).status).toBe(200);
  } finally {
    await api.stop();
  }
});
