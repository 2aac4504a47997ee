import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Kind, parse, type OperationDefinitionNode } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { buildSchema } from '../../src/app/buildSchema.ts';
import { openGate } from '../support/openGate.ts';
import { adminToken, seed, startApi, type Answer, type Api } from '../graphql/support.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await seed(api, 3);
});
afterAll(() => api.stop());

type Sent = { query: string; variables?: Record<string, unknown> };
type Errors = NonNullable<Answer['errors']>;

/** The errors of one operation on a socket, whether it was refused or failed. */
async function errorsOverSocket(sent: Sent): Promise<Errors> {
  const client = createClient({ url: `${api.url.replace('http', 'ws')}graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${adminToken}` }, retryAttempts: 0 });
  try {
    return await new Promise((resolve) => {
      let errors: Errors = [];
      client.subscribe(sent, { next: (result) => (errors = (result.errors ?? []) as never), error: (error) => resolve(error as Errors), complete: () => resolve(errors) });
    });
  } finally {
    await client.dispose();
  }
}

const times = (count: number, part: (n: number) => string) => Array.from({ length: count }, (_, n) => part(n)).join(' ');
/** `job` inside `retryOf`, so many fields deep. */
const nested = (depth: number) => `{ job(id: "x") { ${'retryOf { '.repeat(depth - 2)} id ${'}'.repeat(depth - 2)} } }`;

const limits: [string, Sent, Sent, string, string][] = [
  ['depth', { query: nested(20) }, { query: nested(21) }, 'GRAPHQL_VALIDATION_FAILED', 'LIMIT_DEPTH'],
  ['depth through fragments', { query: '{ viewer { ...A } } fragment A on Viewer { name }' }, { query: `{ job(id: "x") { ...F0 } } ${times(20, (n) => `fragment F${n} on Job { retryOf { ...F${n + 1} } }`)} fragment F20 on Job { id }` }, 'GRAPHQL_VALIDATION_FAILED', 'LIMIT_DEPTH'],
  ['aliases', { query: `{ viewer { ${times(100, (n) => `a${n}: name`)} } }` }, { query: `{ viewer { ${times(101, (n) => `a${n}: name`)} } }` }, 'GRAPHQL_VALIDATION_FAILED', 'LIMIT_ALIASES'],
  ['root fields', { query: `{ ${times(50, () => '__typename')} }` }, { query: `{ ${times(51, () => '__typename')} }` }, 'GRAPHQL_VALIDATION_FAILED', 'LIMIT_ROOT_FIELDS'],
  ['root fields in fragments', { query: '{ ...A } fragment A on Query { __typename }' }, { query: `{ ${times(6, () => '...A')} } fragment A on Query { ${times(10, (n) => `a${n}: __typename`)} }` }, 'GRAPHQL_VALIDATION_FAILED', 'LIMIT_ROOT_FIELDS'],
  ['directives', { query: `{ viewer { ${times(50, () => 'name @skip(if: false)')} } }` }, { query: `{ viewer { ${times(51, () => 'name @skip(if: false)')} } }` }, 'GRAPHQL_VALIDATION_FAILED', 'LIMIT_DIRECTIVES'],
  ['tokens', { query: `{ prospects(filter: { stage: [${times(1_900, () => 'DISCOVERED')}] }) { totalCount } }` }, { query: `{ prospects(filter: { stage: [${times(2_000, () => 'DISCOVERED')}] }) { totalCount } }` }, 'GRAPHQL_PARSE_FAILED', '2000 tokens'],
  ['selections of one object', { query: `{ job(id: "x") { ${times(99, () => 'retryOf { id }')} } }` }, { query: `{ job(id: "x") { ${times(101, () => 'retryOf { id }')} } }` }, 'GRAPHQL_VALIDATION_FAILED', 'Select each once'],
  ['selections of one object inside those of another', { query: `{ job(id: "x") { ${times(10, () => `retryOf { ${times(10, () => 'retryOf { id }')} }`)} } }` }, { query: `{ job(id: "x") { ${times(10, () => `retryOf { ${times(15, () => 'retryOf { id }')} }`)} } }` }, 'GRAPHQL_VALIDATION_FAILED', 'Select each once'],
  ['selections of one object in fragments', { query: `{ job(id: "x") { ${times(49, (n) => `...F${n} ... { retryOf { id } }`)} } } ${times(49, (n) => `fragment F${n} on Job { retryOf { id } }`)}` }, { query: `{ job(id: "x") { ${times(51, (n) => `...F${n} ... { retryOf { id } }`)} } } ${times(51, (n) => `fragment F${n} on Job { retryOf { id } }`)}` }, 'GRAPHQL_VALIDATION_FAILED', 'Select each once'],
  [
    'cost, by the pages that variables ask for',
    { query: 'query ($first: Int) { prospects(first: $first) { nodes { drafts(first: $first) { nodes { id } } } } }', variables: { first: 50 } },
    { query: 'query ($first: Int) { prospects(first: $first) { nodes { drafts(first: $first) { nodes { job { id } } } } } }', variables: { first: 100 } },
    'MAX_COST_EXCEEDED', 'LIMIT_COST',
  ],
  ['entries of a list', { query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', variables: { ids: ['x'] } }, { query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', variables: { ids: Array(10_001).fill('x') } }, 'BAD_USER_INPUT', 'LIMIT_LIST_SIZE'],
  [
    'nesting of variables',
    { query: 'query ($filter: ProspectFilter) { prospects(filter: $filter) { totalCount } }', variables: { filter: { stage: ['DISCOVERED'] } } },
    { query: 'query ($filter: ProspectFilter) { prospects(filter: $filter) { totalCount } }', variables: { filter: JSON.parse('['.repeat(500) + ']'.repeat(500)) } },
    'BAD_USER_INPUT', 'LIMIT_VARIABLE_DEPTH',
  ],
];

describe.each(limits)('%s', (_name, allowed, refused, code, says) => {
  test('what is allowed is answered', async () => {
    expect((await (await api.post(allowed)).json() as Answer).errors ?? []).toEqual([]);
    expect(await errorsOverSocket(allowed)).toEqual([]);
  });

  test('a little more is refused over HTTP by 400, and on a socket by an error, with one code and one message', async () => {
    // Three times, so that what is known is refused as well.
    for (let time = 0; time < 3; time++) {
      const response = await api.post(refused);
      expect(response.status).toBe(400);
      const { data, errors } = (await response.json()) as Answer;
      expect(data).toBeUndefined();
      expect(errors).toMatchObject([{ message: expect.stringContaining(says), extensions: { code } }]);
    }
    expect(await errorsOverSocket(refused)).toMatchObject([{ message: expect.stringContaining(says), extensions: { code } }]);
  });
});

test('a query that is known is refused where other variables make it cost too much', async () => {
  const query = 'query Known($first: Int) { prospects(first: $first) { nodes { drafts(first: $first) { nodes { job { id } } } } } }';
  for (let time = 0; time < 3; time++) expect((await api.post({ query, variables: { first: 2 } })).status).toBe(200);
  const response = await api.post({ query, variables: { first: 100 } });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'MAX_COST_EXCEEDED', cost: expect.any(Number), maxCost: 20_000 } }] });
  expect((await api.post({ query, variables: { first: 2 } })).status).toBe(200);
});

test('more than five directives at one place are one error, whatever they are', async () => {
  const { errors } = await api.ask(`{ viewer { name ${'@nonsense '.repeat(10)} } }`);
  expect(errors).toHaveLength(1);
});

test('fragments in a circle are said to be one', async () => {
  const { errors } = await api.ask('{ job(id: "x") { ...A } } fragment A on Job { retryOf { ...B } } fragment B on Job { retryOf { ...A } }');
  expect(errors).toMatchObject([{ message: 'Cannot spread fragment "A" within itself via "B".', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
});

test('a batch is refused with what to do', async () => {
  const response = await api.post([{ query: '{ __typename }' }, { query: '{ __typename }' }]);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ message: 'Send one operation a request: batches are not taken.', extensions: { code: 'BAD_REQUEST' } }] });
});

test('whoever asks is told what the operation costs, compiled or not', async () => {
  const sent = { query: '{ prospects(first: 3) { nodes { id socialProfiles { id } } } }' };
  const headers = { authorization: `Bearer ${adminToken}`, 'outrider-cost': '1' };
  for (let time = 0; time < 3; time++) {
    expect(await (await api.post(sent, headers)).json()).toMatchObject({ data: { prospects: {} }, extensions: { cost: { requestedQueryCost: 10 + 1 + 3 * (1 + 10) } } });
  }
  expect(await (await api.post(sent)).json()).not.toHaveProperty('extensions');
});

test('a mutation costs as much where its fields stand in fragments', () => {
  const gate = openGate(buildSchema());
  const fields = Array.from({ length: 5 }, (_, n) => `f${n}: deleteTemplate(input: { id: "${n}" }) { userErrors { code } }`).join(' ');
  const cost = (text: string) => {
    const document = parse(text);
    return gate.costOf(document, document.definitions[0] as OperationDefinitionNode, {});
  };
  expect([`mutation { ${fields} }`, `mutation { ...F } fragment F on Mutation { ${fields} }`, `mutation { ... { ${fields} } }`].map(cost)).toEqual(Array(3).fill(10 + 5 * (50 + 1 + 10)));
});

test.each([
  ['a text again under each alias', '{ prospects(first: 100) { nodes { bioText a: bioText b: bioText ...F } } } fragment F on Prospect { c: bioText }', 10 + 1 + 100 * (1 + 3)],
  ['the texts that drafts had before', '{ drafts(first: 10) { nodes { versions { body } } } }', 10 + 1 + 10 * (1 + 100 * 1)],
  ['a count of all rows', '{ prospects { ...F } } fragment F on ProspectConnection { ... { totalCount } }', 10 + 500 + 1],
  ['a count below an object', '{ prospects(first: 10) { nodes { drafts(first: 1) { totalCount } } } }', 10 + 1 + 10 * (1 + 1)],
  ['the funnel', '{ pipelineStatus { total stages { count } } }', 10 + 500 + 1 + 10],
  ['what waits', '{ waitingMessages { count } }', 10 + 500 + 10],
  ['tags', '{ tags(first: 1) { tag } }', 10 + 500 + 1],
  ['a preview', 'query ($input: PreviewDraftInput!) { previewDraft(input: $input) { body } }', 10 + 8_000 + 1],
  ['the schema', '{ __schema { types { name } } __type(name: "Job") { name } __typename }', 10 + 2 * 2_000],
])('what takes more than its objects costs more: %s', (_, text, cost) => {
  const document = parse(text);
  expect(openGate(buildSchema()).costOf(document, document.definitions[0] as OperationDefinitionNode, {})).toBe(cost);
});

test('every operation of the dashboard keeps far from every limit', () => {
  const schema = buildSchema();
  const gate = openGate(schema);
  const sources = readFileSync('web/src/graphql/gql.ts', 'utf8');
  const documents = [...sources.matchAll(/^ {4}"((?:[^"\\]|\\.)*)": typeof/gm)].map(([, text]) => JSON.parse(`"${text}"`) as string);
  expect(documents.length).toBeGreaterThan(20);
  const whole = documents.join('\n');
  for (const operation of parse(whole).definitions) {
    if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
    const cost = gate.costOf(parse(whole), operation, { first: 100, last: undefined });
    expect([operation.name?.value, cost < 10_000]).toEqual([operation.name?.value, true]);
  }
});
