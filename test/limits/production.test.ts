import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { readEnvironment } from '../../src/config/environment.ts';
import { adminToken, startApi, type Answer, type Api } from '../graphql/support.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi(undefined, undefined, { INTROSPECTION: 'off' });
});
afterAll(() => api.stop());

const headers = { authorization: `Bearer ${adminToken}` };
const times = (count: number, part: (n: number) => string) => Array.from({ length: count }, (_, n) => part(n)).join(' ');

/** What graphql-cop 1.15 sends, and what it takes for a finding. */
test.each<[string, () => Promise<Response>, (answer: any, response: Response) => boolean]>([
  ['alias overloading', () => api.post({ query: `query cop { ${times(101, (n) => `alias${n}:__typename`)} }` }), ({ data }) => data?.alias100 !== undefined],
  ['array-based batching', () => api.post(Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' }))), (answer) => Array.isArray(answer) && answer.length >= 10],
  ['directive overloading', () => api.post({ query: `query cop { __typename ${'@aa'.repeat(10)} }` }), ({ errors }) => errors?.length === 10],
  ['circular query by introspection', () => api.post({ query: `query cop { __schema { types { ${'fields { type { '.repeat(5)}name${' } }'.repeat(5)} } } }` }), ({ data }) => data !== undefined],
  ['field duplication', () => api.post({ query: `query cop { ${'__typename \n'.repeat(500)} }` }), ({ data }) => data !== undefined],
  ['introspection', () => api.post({ query: 'query cop { __schema { types { name fields { name } } } }' }), ({ data }) => data !== undefined],
  ['introspection, whole', () => api.post({ query: getIntrospectionQuery() }), ({ data }) => data !== undefined],
  ['introspection of one type', () => api.post({ query: '{ __type(name: "Prospect") { name } }' }), ({ data }) => data !== undefined],
  ['field suggestions', () => api.post({ query: 'query cop { prospectz { totalCount } }' }), ({ errors }) => /did you mean/i.test(JSON.stringify(errors))],
  ['trace mode', () => api.post({ query: 'query cop { __typename }' }), ({ extensions }) => extensions?.tracing !== undefined],
  ['queries by GET without the header', () => fetch(`${api.url}graphql?query=query+cop+{__typename}`, { headers }), ({ data }) => data !== undefined],
  ['mutations by GET', () => fetch(`${api.url}graphql?query=mutation+cop+{__typename}`, { headers: { ...headers, 'apollo-require-preflight': '1' } }), ({ data }) => data !== undefined],
  [
    'forms by POST',
    () => fetch(`${api.url}graphql`, { method: 'POST', headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' }, body: 'query=query+cop+{__typename}' }),
    ({ data }) => data !== undefined,
  ],
  ['unhandled errors', () => api.post({ query: 'qwerty cop { abc }' }), (answer) => /exception|stack|node_modules/i.test(JSON.stringify(answer))],
])('graphql-cop: %s is no finding', async (_name, ask, isFinding) => {
  const response = await ask();
  const answer = (await response.json()) as Answer;
  expect(isFinding(answer, response)).toBe(false);
});

test('graphql-cop: no page with an explorer is served', async () => {
  for (const path of ['', 'graphiql', 'playground', 'console', 'graphql']) {
    const text = await (await fetch(`${api.url}${path}`, { headers: { ...headers, accept: 'text/html' } })).text();
    expect(text).not.toMatch(/graphiql|graphql playground|apollo sandbox/i);
  }
});

test('__typename, which clients need, is answered without introspection', async () => {
  expect(await api.ask('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
});

test.each([
  [{}, true],
  [{ HOST: '0.0.0.0', SECRET_KEY: 'a-secret-key-of-the-tests' }, false],
  [{ HOST: '0.0.0.0', SECRET_KEY: 'a-secret-key-of-the-tests', INTROSPECTION: 'on' }, true],
  [{ INTROSPECTION: 'off' }, false],
])('with %j introspection is %s', (variables, isOn) => {
  expect(readEnvironment(variables as NodeJS.ProcessEnv).limits.introspection).toBe(isOn);
});
