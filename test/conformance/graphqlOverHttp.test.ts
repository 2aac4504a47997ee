import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { serverAudits, type Audit } from 'graphql-http';
import { adminToken, startApi, type Api } from '../graphql/support.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** Asked with the token, as every client of ours asks; GET with the header that keeps pages of other origins from asking. */
const audits = serverAudits({
  url: () => `${api.url}graphql`,
  fetchFn: (url: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${adminToken}`);
    headers.set('apollo-require-preflight', 'true');
    return fetch(url, { ...init, headers });
  },
});

test('there are 61 audits, of which none is left out', () => {
  expect(audits).toHaveLength(61);
});

test.each(audits.map((audit): [string, Audit] => [`${audit.id} ${audit.name}`, audit]))('%s', async (_name, audit) => {
  expect(await audit.fn()).toMatchObject({ status: 'ok' });
});
