import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startServer } from '../../src/app/server.ts';
import { ConfigurationError } from '../../src/config/ConfigurationError.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { createLogger } from '../../src/config/logger.ts';
import { dashboardFolder } from '../../src/http/dashboard.ts';
import { readTrustedDocuments } from '../../src/limits/readTrustedDocuments.ts';
import { adminToken, seed, startApi, type Answer, type Api } from '../graphql/support.ts';
import { buildDashboard } from '../support/build.ts';
import { outreachOf } from '../support/outreach.ts';

const known = 'query Known { viewer { name } }';
const several = 'query First { viewer { name } } query Second { viewer { role } }';
const mutation = 'mutation Add($input: CreateProspectInput!) { createProspect(input: $input) { prospect { displayName } userErrors { code } } }';
const subscription = 'subscription Progress($id: ID!) { jobProgress(id: $id) { status } }';
const ofDashboard = join(dashboardFolder, 'trusted-documents.json');

const folder = mkdtempSync(join(tmpdir(), 'outrider-documents-'));
const write = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

let trusting: Api;
let ordinary: Api;

beforeAll(async () => {
  await buildDashboard();
  trusting = await startApi(undefined, undefined, { TRUSTED_DOCUMENTS: write('documents.json', { known, several, mutation, subscription, stale: '{ nothingOfTheKind }' }) });
  ordinary = await startApi(trusting.databaseUrl);
  await seed(trusting, 1);
});
afterAll(async () => {
  await ordinary.stop();
  await trusting.stop();
  rmSync(folder, { recursive: true });
});

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const byHash = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });
const answered = { data: { viewer: { name: 'admin' } } };
const refusedAs = (code: string, says: RegExp) => ({ errors: [{ message: expect.stringMatching(says), extensions: { code } }] });
const notAllowed = refusedAs('PERSISTED_QUERY_NOT_ALLOWED', /TRUSTED_DOCUMENTS.*add this one to the file/);
const notFound = refusedAs('PERSISTED_QUERY_NOT_FOUND', /TRUSTED_DOCUMENTS.*add it to the file/);

async function sent(body: object, { status, api = trusting }: { status: number; api?: Api }): Promise<Answer> {
  const response = await api.post(body);
  const answer = (await response.json()) as Answer;
  expect([response.status, answer]).toEqual([status, answer]);
  return answer;
}

async function got(parameters: Record<string, string>): Promise<Answer> {
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
  return (await (await fetch(`${trusting.url}graphql?${new URLSearchParams(parameters)}`, { headers })).json()) as Answer;
}

/** The first answer to one operation on a socket of its own, or its errors. */
async function overSocket(payload: object, api = trusting): Promise<object> {
  const client = createClient({ url: `${api.url.replace('http', 'ws')}graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${adminToken}` }, retryAttempts: 0 });
  try {
    return await new Promise((resolve, reject) => {
      client.subscribe({ query: '', ...payload }, { next: ({ data, errors }) => resolve(errors ? { errors } : { data }), error: (errors) => resolve({ errors }), complete: () => reject(new Error('No answer came.')) });
    });
  } finally {
    await client.dispose();
  }
}

describe('a document that is known', () => {
  test.each([
    ['as it stands', known],
    ['with other white space, commas and comments', 'query Known\n{\n  viewer,{ # who\n name }\n}'],
    ['with the types that caches ask for', 'query Known { viewer { name __typename } }'],
  ])('is run %s, over HTTP and on a socket, again and again', async (_how, query) => {
    // The third time takes the fast way.
    for (let time = 0; time < 3; time++) expect(await sent({ query }, { status: 200 })).toMatchObject(answered);
    expect(await overSocket({ query })).toMatchObject(answered);
  });

  test.each([
    ['the name that the file gives it, as documentId', { documentId: 'known' }],
    ['its SHA-256 as documentId', { documentId: `sha256:${sha256(known)}` }],
    ['its SHA-256 without a scheme', { documentId: sha256(known) }],
    ["Apollo's persistedQuery", { extensions: byHash(sha256(known)) }],
    ["Apollo's persistedQuery beside the text", { query: known, extensions: byHash(sha256(known)) }],
  ])('is run by %s, over HTTP and on a socket', async (_how, body) => {
    for (let time = 0; time < 3; time++) expect(await sent(body, { status: 200 })).toEqual(answered);
    expect(await overSocket(body)).toEqual(answered);
  });

  test('is run by GET: as text, by its name, and by its hash', async () => {
    expect(await got({ query: known })).toEqual(answered);
    expect(await got({ documentId: 'known' })).toEqual(answered);
    expect(await got({ extensions: JSON.stringify(byHash(sha256(known))) })).toEqual(answered);
    expect(await got({ query: known, extensions: JSON.stringify(byHash(sha256(known))) })).toEqual(answered);
  });

  test('has variables, and its operation a name', async () => {
    const variables = { input: { displayName: 'Ada', email: 'ada@trusted.example' } };
    expect(await sent({ documentId: 'mutation', variables }, { status: 200 })).toEqual({ data: { createProspect: { prospect: { displayName: 'Ada' }, userErrors: [] } } });
    expect(await sent({ documentId: 'several', operationName: 'Second' }, { status: 200 })).toEqual({ data: { viewer: { role: 'ADMIN' } } });
    expect(await got({ documentId: 'several', operationName: 'Second' })).toEqual({ data: { viewer: { role: 'ADMIN' } } });
  });

  test('is a subscription, as text and by its id', async () => {
    const { jobs } = (await ordinary.ask('{ jobs(first: 1) { nodes { id } } }')).data;
    const variables = { id: jobs.nodes[0].id };
    const first = { data: { jobProgress: { status: 'RUNNING' } } };
    expect(await overSocket({ query: subscription, variables })).toEqual(first);
    expect(await overSocket({ documentId: 'subscription', variables })).toEqual(first);
  });

  test('is validated all the same', async () => {
    expect(await sent({ documentId: 'stale' }, { status: 400 })).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
  });
});

describe('a document that is not known', () => {
  test.each([
    ['a query', '{ viewer { name } }'],
    ['a known one with another field', 'query Known { viewer { name role } }'],
    ['a known one with another alias', 'query Known { viewer { other: name } }'],
    ['a known one with the type under another name', 'query Known { viewer { name kind: __typename } }'],
    ['a part of a known one', 'query First { viewer { name } }'],
    ['a mutation', 'mutation { createProspect(input: { displayName: "New", email: "new@trusted.example" }) { userErrors { code } } }'],
    ['a subscription', 'subscription { schemaHealthChanged { status } }'],
    ['introspection', getIntrospectionQuery()],
    ['one that the schema does not know, of which nothing is told', '{ secret }'],
  ])('is refused, over HTTP and on a socket, again and again: %s', async (_what, query) => {
    for (let time = 0; time < 3; time++) expect(await sent({ query }, { status: 400 })).toEqual(notAllowed);
    expect(await overSocket({ query })).toEqual(notAllowed);
    expect(await trusting.sql(`select 1 from prospects where email = 'new@trusted.example'`)).toEqual([]);
  });

  test('is refused where a known operation stands beside another', async () => {
    const query = `${known} query Another { viewer { role } }`;
    for (const operationName of ['Known', 'Another']) {
      expect(await sent({ query, operationName }, { status: 400 })).toEqual(notAllowed);
      expect(await overSocket({ query, operationName })).toEqual(notAllowed);
    }
  });

  test('is refused by GET', async () => {
    expect(await got({ query: '{ viewer { name } }' })).toEqual(notAllowed);
  });

  test('is refused beside the hash of a known one, and does not become known by its own', async () => {
    const query = '{ viewer { role } }';
    expect(await sent({ query, documentId: 'known' }, { status: 400 })).toEqual(notAllowed);
    expect(await sent({ query, extensions: byHash(sha256(known)) }, { status: 400 })).toEqual(notAllowed);
    expect(await sent({ query, extensions: byHash(sha256(query)) }, { status: 400 })).toEqual(notAllowed);
    expect(await sent({ extensions: byHash(sha256(query)) }, { status: 400 })).toEqual(notFound);
  });

  test('is refused in a batch, as every batch is', async () => {
    expect(await sent([{ query: known }, { query: '{ viewer { role } }' }], { status: 400 })).toMatchObject({ errors: [{ message: expect.stringContaining('batches') }] });
  });

  test.each([
    ['a name', { documentId: 'unknown' }],
    ['a hash', { documentId: `sha256:${'0'.repeat(64)}` }],
    ['what is no text', { documentId: { known: true } }],
    ['what every object has', { documentId: 'constructor' }],
    ["Apollo's hash", { extensions: byHash('0'.repeat(64)) }],
  ])('is not found, over HTTP and on a socket: %s', async (_what, body) => {
    expect(await sent(body, { status: 400 })).toEqual(notFound);
    expect(await overSocket(body)).toEqual(notFound);
  });

  test('is not found by GET', async () => {
    expect(await got({ documentId: 'unknown' })).toEqual(notFound);
  });
});

test("the health of the schema is reached with a shell alone: by the id that stands in the dashboard's file", async () => {
  const { operations } = (await (await fetch(`${trusting.url}trusted-documents.json`)).json()) as { operations: { id: string; name: string }[] };
  const { id } = operations.find(({ name }) => name === 'SchemaHealth')!;
  expect(await sent({ documentId: id }, { status: 200 })).toMatchObject({ data: { schemaHealth: { status: 'READY' } } });
});

describe('without TRUSTED_DOCUMENTS', () => {
  test('every document is run, whatever its hash', async () => {
    expect(await sent({ query: '{ viewer { role } }', extensions: byHash(sha256(known)) }, { status: 200, api: ordinary })).toEqual({ data: { viewer: { role: 'ADMIN' } } });
  });

  test.each([{ documentId: 'known' }, { extensions: byHash(sha256(known)) }])('an id is answered so that the client sends the text: %j', async (body) => {
    const unsupported = refusedAs('PERSISTED_QUERY_NOT_SUPPORTED', /send the text/);
    expect(await sent(body, { status: 400, api: ordinary })).toEqual(unsupported);
    expect(await overSocket(body, ordinary)).toEqual(unsupported);
  });
});

describe('the file of documents', () => {
  test.each([
    ['a list of texts', [known], sha256(known)],
    ["texts by id, as Relay's", { abc: known }, 'abc'],
    ["the manifest of Apollo's clients", { format: 'apollo-persisted-query-manifest', version: 1, operations: [{ id: 'abc', name: 'Known', type: 'query', body: known }] }, 'abc'],
  ])('is %s', (_what, content, id) => {
    expect(readTrustedDocuments(write('form.json', content), ofDashboard).textOf(id)).toBe(known);
  });

  test.each([
    ['is not there', join(folder, 'missing.json'), /^Set TRUSTED_DOCUMENTS to .*missing\.json cannot be read \(ENOENT\)\.$/],
    ['is a folder', folder, /^Set TRUSTED_DOCUMENTS to .*cannot be read \(EISDIR\)\.$/],
    ['is no JSON', write('garbled.json', '{"abc": '), /garbled\.json is not valid JSON\.$/],
    ['is of another kind', write('other.json', { version: 1, operations: [known] }), /other\.json is no list of texts, no object/],
    ['has what is no document', write('text.json', { abc: 'query {' }), /text\.json has at abc what cannot be taken \(Syntax Error: Expected Name, found <EOF>\)\.$/],
    [
      'has two documents with one id',
      write('twice.json', { format: 'apollo-persisted-query-manifest', operations: [{ id: 'abc', body: known }, { id: 'abc', body: mutation }] }), /two documents have the id abc/,
    ],
  ])('is refused with one sentence where it %s', (_what, path, says) => {
    expect(() => readTrustedDocuments(path, ofDashboard)).toThrow(ConfigurationError);
    expect(() => readTrustedDocuments(path, ofDashboard)).toThrow(says);
  });

  test('stops the start where it is refused', async () => {
    const environment = readEnvironment({ PORT: '0', OUTRIDER_TOKEN: adminToken, TRUSTED_DOCUMENTS: join(folder, 'missing.json') });
    const { databaseUrl: url, orm, health } = trusting;
    await expect(startServer({ environment, outreach: outreachOf(), orm, url, health, log: createLogger('silent') })).rejects.toThrow(/missing\.json cannot be read \(ENOENT\)\.$/);
  });

  test('of the dashboard is refused too where the dashboard is not built', () => {
    expect(() => readTrustedDocuments('dashboard', join(folder, 'missing.json'))).toThrow(/^Build the dashboard \(npm run build\).*cannot be read \(ENOENT\)\.$/);
  });

  test('is not needed where the dashboard is all', () => {
    const { operations } = JSON.parse(readFileSync(ofDashboard, 'utf8')) as { operations: { id: string; body: string }[] };
    const documents = readTrustedDocuments('dashboard', ofDashboard);
    expect(operations.length).toBeGreaterThan(50);
    expect(operations.map(({ id }) => documents.textOf(id))).toEqual(operations.map(({ body }) => body));
    expect(documents.textOf(sha256(known))).toBeUndefined();
  });
});
