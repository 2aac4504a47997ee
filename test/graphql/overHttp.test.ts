import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { adminToken, seed, startApi, type Api } from './support.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await seed(api, 3);
});
afterAll(() => api.stop());

const authorization = `Bearer ${adminToken}`;
const json = 'application/json';
const graphql = 'application/graphql-response+json';

function get(parameters: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${api.url}graphql?${new URLSearchParams(parameters)}`, { headers: { authorization, ...headers } });
}

function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${api.url}graphql`, {
    method: 'POST',
    headers: { authorization, 'content-type': json, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

describe('GET', () => {
  const ours = { 'apollo-require-preflight': 'true' };

  test('runs a query with its variables', async () => {
    const response = await get({ query: 'query Page($first: Int) { prospects(first: $first) { nodes { __typename } } }', variables: '{"first": 2}', operationName: 'Page' }, ours);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ data: { prospects: { nodes: [{ __typename: 'Prospect' }, { __typename: 'Prospect' }] } } });
  });

  test.each([
    ['without a name', {}],
    ['with an empty name', { operationName: '' }],
  ])('never runs a mutation %s: 405', async (_what, name) => {
    const response = await get({ query: 'mutation { deleteProspects(input: { ids: [] }) { deletedCount } }', ...name }, ours);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  test.each([
    ['variables that are not JSON', { query: '{ viewer { name } }', variables: '{' }],
    ['no query', {}],
  ])('with %s is 400', async (_what, parameters) => {
    expect((await get(parameters as Record<string, string>, ours)).status).toBe(400);
  });

  test('answers a role that does not suffice like POST', async () => {
    expect((await get({ query: '{ viewer { name } }' }, { ...ours, authorization: 'Bearer nonsense' })).status).toBe(401);
  });
});

describe('what a page of another origin can send without asking first, cookie included, is refused', () => {
  test.each([
    ['GET', '?query={viewer{name}}', {}],
    ['a form', '', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: '{"query":"{viewer{name}}"}' }],
    ['plain text', '', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"query":"{viewer{name}}"}' }],
    ['a multipart form', '', { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '{"query":"{viewer{name}}"}' }],
  ])('%s', async (_what, search, options: RequestInit) => {
    const response = await fetch(`${api.url}graphql${search}`, { ...options, headers: { ...options.headers, cookie: `outrider_token=${adminToken}` } });
    const answer = (await response.json()) as { data?: unknown; errors: { extensions: { code: string } }[] };
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(answer.data).toBeUndefined();
    expect(answer.errors[0]?.extensions.code).toBe('BAD_REQUEST');
  });
});

/** The audits of graphql-http for a server (GraphQL over HTTP), as far as they say MUST or SHOULD of what we offer. */
describe('GraphQL over HTTP', () => {
  test.each([
    [graphql, graphql],
    [json, json],
    ['*/*', json],
    [`${json}; charset=utf-8`, json],
    [`${graphql}, ${json};q=0.9`, graphql],
  ])('Accept: %s is answered in %s with charset utf-8', async (accept, type) => {
    const response = await post({ query: '{ __typename }' }, { accept });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  });

  test('a body in UTF-8 is read as such', async () => {
    const response = await post({ query: '{ prospects(filter: { search: "\u00fc\u{1f98a}" }) { totalCount } }' }, { 'content-type': `${json}; charset=utf-8` });
    expect(await response.json()).toEqual({ data: { prospects: { totalCount: 0 } } });
  });

  test.each([
    ['a query that is an object', { query: { obj: 'ect' } }],
    ['a query that is a number', { query: 0 }],
    ['a query that is a list', { query: ['array'] }],
    ['an operationName that is an object', { query: '{ __typename }', operationName: { obj: 'ect' } }],
    ['an operationName that is not there', { query: 'query A { __typename } query B { __typename }', operationName: 'C' }],
    ['an operationName where the only operation has none', { query: '{ __typename }', operationName: 'C' }],
    ['variables that are a text', { query: '{ __typename }', variables: 'string' }],
    ['variables that are a list', { query: '{ __typename }', variables: ['array'] }],
    ['extensions that are a text', { query: '{ __typename }', extensions: 'string' }],
    ['a body that is a text', '"text"'],
  ])('%s is 400 and no data', async (_what, body) => {
    for (const accept of [json, graphql]) {
      const response = await post(body, { accept });
      const answer = (await response.json()) as { data?: unknown; errors: { message: string; extensions: { code: string } }[] };
      expect(response.status).toBe(400);
      expect(answer).not.toHaveProperty('data');
      expect(answer.errors[0]).toEqual({ message: expect.any(String), extensions: { code: expect.stringMatching(/^[A-Z_]+$/) } });
    }
  });

  test.each([
    ['null', { operationName: null, variables: null, extensions: null }],
    ['an empty operationName', { operationName: '' }],
    ['empty variables and extensions', { variables: {}, extensions: {} }],
  ])('%s counts as not given', async (_what, rest) => {
    expect((await post({ query: '{ __typename }', ...rest })).status).toBe(200);
  });

  test('other methods are not offered', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const response = await fetch(`${api.url}graphql`, { method, headers: { authorization, 'content-type': json }, body: JSON.stringify({ query: '{ __typename }' }) });
      expect([method, response.status]).toEqual([method, 405]);
    }
  });
});

test.each([
  ['a NUL in a search', 'query ($text: String) { prospects(filter: { search: $text }) { totalCount } }', ['prospects']],
  ['a NUL in a tag', 'query ($text: String) { prospects(filter: { tag: $text }) { totalCount } }', ['prospects']],
  ['a NUL in a reason', 'mutation ($text: String) { reviewProspects(input: { filter: {}, expectedCount: 3, decision: REJECT, reason: $text }) { changedCount } }', ['reviewProspects']],
])('%s is the fault of the input', async (_what, query, path) => {
  const { errors } = await api.ask(query, { text: 'a\0b' });
  expect(errors).toMatchObject([{ path, extensions: { code: 'BAD_USER_INPUT' } }]);
});

test.each(['bodyTemplate', 'idempotencyKey'])('a NUL in %s is said at its field', async (field) => {
  const { data } = await api.ask(`mutation ($text: String) { startDraftJob(input: { filter: {}, expectedCount: 3, ${field}: $text }) { job { id } userErrors { code field message } } }`, { text: 'a\0b' });
  expect(data.startDraftJob).toEqual({ job: null, userErrors: [{ code: 'INVALID', field: ['input', field], message: expect.stringContaining('NUL') }] });
});

test('the second of two mutations in one document reads what it has written, not what the first has loaded', async () => {
  const ids = JSON.stringify((await api.ask('{ prospects(filter: { reviewStatus: [PENDING] }) { nodes { id } } }')).data.prospects.nodes.map(({ id }: { id: string }) => id));
  const review = (decision: string) => `reviewProspects(input: { ids: ${ids}, decision: ${decision} }) { prospects { socialProfiles { prospect { reviewStatus } } } }`;
  const { data, errors } = await api.ask(`mutation { first: ${review('APPROVE')} second: ${review('REJECT')} }`);

  const seen = (answer: any) => answer.prospects.flatMap((prospect: any) => prospect.socialProfiles.map((profile: any) => profile.prospect.reviewStatus));
  expect(errors).toBeUndefined();
  expect(seen(data.first)).toEqual(['APPROVED', 'APPROVED']);
  expect(seen(data.second)).toEqual(['REJECTED', 'REJECTED']);
});
