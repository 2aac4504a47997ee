import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getOperationAST, parse, type ExecutionResult } from 'graphql';
import type { Kysely } from 'kysely';
import { buildSchema } from '../../src/app/buildSchema.ts';
import type { ServerContext } from '../../src/app/context.ts';
import { compileQuery } from '../../src/execution/compileQuery.ts';
import { createExecutor } from '../../src/execution/executor.ts';
import { Role } from '../../src/domain/enums.ts';
import { Loaders } from '../../src/loaders/Loaders.ts';
import { openGate } from '../support/openGate.ts';
import { seed, startApi, type Api } from './support.ts';

let api: Api;
const schema = buildSchema();
const gate = openGate(schema);
const compiling = createExecutor(schema, gate, { compileFrom: 1 });
const throughCompiled = compiling.execute;
const throughGraphqlJs = createExecutor(schema, gate, { compileFrom: Infinity }).execute;

beforeAll(async () => {
  api = await startApi();
  await seed(api, 25);
});
afterAll(() => api.stop());

const context = (role = Role.ADMIN): ServerContext => ({
  actor: { name: 'somebody', role },
  db: api.orm.em.getKysely() as unknown as Kysely<never>,
  loaders: new Loaders(),
  refresh: () => {},
  services: () => ({ em: api.orm.em.fork(), actor: { name: 'somebody', role } }) as never,
  repairs: null as never,
  jobs: null as never,
  drafts: null as never,
  schemaHealth: async () => ({ status: 'READY', drift: [{ severity: 'INFO', kind: 'INDEX' }, { severity: 'BREAKING', kind: 'ENUM' }] }) as never,
  schemaDriftHistory: null as never,
  schemaRepairs: null as never,
  replicas: () => [],
  schemaHealthChanges: null as never,
  missingFor: () => null,
  usePrimary: () => {},
  writing: async (run) => run(),
  isSchemaBroken: () => false,
  lacking: async () => null,
  explain: async () => ({ feature: 'JOBS', missing: ['jobs.x'], fix: 'outrider migrate' }),
});

/** What a client can tell apart: data, and of each error its place and its code. */
const visible = ({ data, errors }: ExecutionResult) => ({
  data: data && JSON.parse(JSON.stringify(data)),
  errors: errors
    ?.map(({ path, extensions, message }) => ({ path: path && [...path], code: extensions?.['code'] ?? null, message }))
    .sort((a, b) => String(a.path).localeCompare(String(b.path))),
});

const everyProspectField = `id sourceType sourcePlatform profileUrl username displayName email bioText externalLinks followerCount engagementRate tags
  scrapedAt stage reviewStatus reviewReason draftSubject draftBody draftStatus createdAt updatedAt`;

const given: [name: string, document: string, variables?: Record<string, unknown>][] = [
  ['viewer', '{ viewer { name role __typename } }'],
  ['prospects', `{ prospects { nodes { ${everyProspectField} } edges { cursor node { id } } pageInfo { hasNextPage startCursor } totalCount } }`],
  ['edges', '{ prospects(first: 5) { nodes { socialProfiles { id prospect { id } latestDraft { id body } } drafts(first: 2) { nodes { id } totalCount } } } }'],
  ['fragments', 'query { prospects { ...page } } fragment page on ProspectConnection { nodes { ...one ... on Prospect { email } } } fragment one on Prospect { id }'],
  ['aliases', '{ a: prospects(first: 1) { nodes { x: id y: id } } b: prospects(first: 2) { nodes { x: displayName } } }'],
  ['variables', 'query ($first: Int, $filter: ProspectFilter) { prospects(first: $first, filter: $filter) { nodes { id } totalCount } }', { first: 3, filter: { hasEmail: true, sourcePlatform: ['GITHUB'] } }],
  ['a single value for a list', 'query ($filter: ProspectFilter) { prospects(filter: $filter) { totalCount } }', { filter: { stage: 'REVIEWED' } }],
  ['variables that are not given', 'query ($first: Int, $filter: ProspectFilter) { prospects(first: $first, filter: $filter) { totalCount } }'],
  ['default of a variable', 'query ($first: Int = 2) { prospects(first: $first) { nodes { id } } }'],
  ['null for a default', 'query ($first: Int = 2) { prospects(first: $first) { nodes { id } } }', { first: null }],
  ['variable inside a literal', 'query ($email: Boolean) { prospects(filter: { hasEmail: $email }) { totalCount } }'],
  ['literals', '{ prospects(filter: { hasEmail: false, tags: ["all"] }, orderBy: { field: DISPLAY_NAME, direction: ASC }) { nodes { displayName } } }'],
  ['skip', 'query ($no: Boolean!) { prospects { totalCount @skip(if: $no) nodes { id @include(if: $no) username } } }', { no: true }],
  ['include', 'query ($no: Boolean!) { prospects { totalCount @skip(if: $no) nodes { id @include(if: $no) username } } }', { no: false }],
  ['directives on fragments', 'query ($no: Boolean!, $yes: Boolean = true) { prospects { ...page @include(if: $yes) ... on ProspectConnection @skip(if: $no) { pageInfo { hasNextPage } } nodes { id } } } fragment page on ProspectConnection { totalCount nodes @skip(if: $no) { email socialProfiles @include(if: $yes) { id @skip(if: true) username } } }', { no: false }],
  ['nothing left by directives', 'query ($no: Boolean!) { prospects @include(if: $no) { totalCount } viewer { name @skip(if: $no) __typename @include(if: false) } }', { no: false }],
  ['a wrong null for a directive', 'query ($yes: Boolean = true) { prospects { totalCount @include(if: $yes) } }', { yes: null }],
  ['a directive before what goes wrong', 'query ($yes: Boolean!) { viewer { name } prospects(first: 1000) @include(if: $yes) { totalCount } __schema @skip(if: $yes) { queryType { name } } }', { yes: true }],
  ['a wrong variable', 'query ($first: Int) { prospects(first: $first) { totalCount } }', { first: 'many' }],
  ['a fraction', 'query ($first: Int) { prospects(first: $first) { totalCount } }', { first: 1.5 }],
  ['a missing variable', 'query ($id: ID!) { prospect(id: $id) { id } }', {}],
  ['a wrong enum value', 'query ($filter: ProspectFilter) { prospects(filter: $filter) { totalCount } }', { filter: { stage: ['NONSENSE'] } }],
  ['a page out of range', '{ prospects(first: 1000) { totalCount } viewer { name } }'],
  ['a nested page out of range', '{ prospects(first: 2) { nodes { id drafts(first: -1) { totalCount } } } }'],
  ['node', '{ node(id: "nonsense") { id } }'],
  ['jobs', '{ jobs { nodes { id type status sequence processed outcomes { outcome count } failureReasons { code count } waitingFor failures(first: 2) { nodes { id code target { __typename id } } totalCount } retryOf { id } createdAt finishedAt } } }'],
  ['drafts', '{ drafts(filter: { hasProblems: true }) { nodes { id channel problems prospect { id } socialProfile { username } job { id } } } social: drafts(channel: SOCIAL) { totalCount } }'],
  ['socialProfiles', '{ socialProfiles(first: 3, orderBy: { field: USERNAME, direction: DESC }) { nodes { id platform username followerCount } totalCount } }'],
  ['pipelineStatus', '{ pipelineStatus(sourceType: WEBSITE) { sourceType total stages { stage count } activeJobs } workers { name } }'],
  ['schemaHealth', '{ schemaHealth { status drift { kind severity } worst: drift(minSeverity: BREAKING) { kind } } }'],
  ['non-null that is not there', '{ schemaHealth { summary } }'],
  ['previewDraft without a variable', '{ previewDraft(input: { prospectId: "nonsense", bodyTemplate: "x" }) { body } }'],
  ['previewDraft with its input in a variable', 'query ($input: PreviewDraftInput!) { previewDraft(input: $input) { body } }', { input: { prospectId: 'nonsense' } }],
  ['introspection', '{ __schema { queryType { name } } __type(name: "Job") { kind } }'],
  ['typename', '{ __typename prospects { __typename } }'],
];
// Jest would give a test that leaves a place of its row empty a callback there.
const operations = given.map(([name, document, variables = {}]) => [name, document, variables] as const);

test.each(operations)('%s: the compiled query and graphql-js answer the same', async (_name, source, variables) => {
  const document = parse(source);
  const compiled = visible(await throughCompiled({ document, variables, context: context() }));
  const interpreted = visible(await throughGraphqlJs({ document, variables, context: context() }));
  expect(compiled).toEqual(interpreted);
});

test.each(operations)('%s: again, from the compiled plan', async (_name, source, variables) => {
  const document = parse(source);
  await throughCompiled({ document, variables, context: context() });
  const again = visible(await throughCompiled({ document, variables, context: context() }));
  expect(again).toEqual(visible(await throughGraphqlJs({ document, variables, context: context() })));
});

test.each(operations.filter(([name]) => !/wrong|fraction|missing|out of range|introspection|non-null|previewDraft/.test(name)))(
  '%s: is written by its compiled plan',
  async (_name, source, variables) => {
    const document = parse(source);
    const written = await compiling.write({ document, variables, context: context() });
    expect(written).toBe(JSON.stringify((await throughGraphqlJs({ document, variables, context: context() })).data));
  },
);

test('what cannot be written is left to graphql-js, until it goes well again', async () => {
  const document = parse('query ($first: Int) { prospects(first: $first) { totalCount } }');
  const write = (first: number) => compiling.write({ document, variables: { first }, context: context() });
  const run = (first: number) => throughCompiled({ document, variables: { first }, context: context() });
  expect(await write(1)).not.toBeNull();
  expect(await write(1000)).toBeNull();
  expect(await write(1)).toBeNull();
  expect((await run(1)).errors).toBeUndefined();
  expect(await write(1)).not.toBeNull();
});

test('a query with directives has a form for each combination that it is given', async () => {
  const document = parse('query ($email: Boolean!, $count: Boolean!) { prospects(first: 2) { totalCount @include(if: $count) nodes { id email @include(if: $email) } } }');
  for (const email of [true, false, true]) {
    for (const count of [false, true]) {
      const variables = { email, count };
      const written = await compiling.write({ document, variables, context: context() });
      expect(written).toBe(JSON.stringify((await throughGraphqlJs({ document, variables, context: context() })).data));
      expect([written!.includes('email'), written!.includes('totalCount')]).toEqual([email, count]);
    }
  }
});

test('what one form of a query cannot do is left to graphql-js, and the others are written', async () => {
  const document = parse('query ($schema: Boolean!) { viewer { name } __schema @include(if: $schema) { queryType { name } } }');
  const run = async (wanted: boolean) => {
    const request = { document, variables: { schema: wanted }, context: context() };
    return [await compiling.write(request), visible(await throughCompiled(request)).data] as const;
  };
  expect(await run(true)).toEqual([null, { viewer: { name: 'somebody' }, __schema: { queryType: { name: 'Query' } } }]);
  expect(await run(false)).toEqual(['{"viewer":{"name":"somebody"}}', { viewer: { name: 'somebody' } }]);
});

test('node and nodes resolve their types through both', async () => {
  const document = parse('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Prospect { displayName } ... on Job { status } } }');
  const list = await throughGraphqlJs({ document: parse('{ prospects(first: 2) { nodes { id } } jobs { nodes { id } } }'), context: context() });
  const { prospects, jobs } = list.data as any;
  const variables = { ids: [...prospects.nodes, ...jobs.nodes].map(({ id }: { id: string }) => id) };
  const compiled = visible(await throughCompiled({ document, variables, context: context() }));
  expect(compiled).toEqual(visible(await throughGraphqlJs({ document, variables, context: context() })));
  expect(compiled.data.nodes.map((node: any) => node.__typename)).toContain('Job');
});

test('a role that does not suffice is the same error through both', async () => {
  const document = parse('{ viewer { name } prospects { totalCount } }');
  const nobody = () => ({ ...context(), actor: { name: 'x', role: 'nobody' as Role } });
  const compiled = visible(await throughCompiled({ document, context: nobody() }));
  expect(compiled).toEqual(visible(await throughGraphqlJs({ document, context: nobody() })));
  expect(compiled.errors).toMatchObject([{ code: 'FORBIDDEN' }, { code: 'FORBIDDEN' }]);
});

test.each([
  ['mutations', 'mutation { pauseJob(input: { id: "x" }) { userErrors { code } } }'],
  ['more directives than there are forms to compile', 'query ($a: Boolean!, $b: Boolean!, $c: Boolean!, $d: Boolean!, $e: Boolean!) { prospects { totalCount @skip(if: $a) nodes @include(if: $b) { id @skip(if: $c) email @skip(if: $d) stage @skip(if: $e) } } }'],
  ['introspection', '{ __schema { queryType { name } } }'],
])('%s are not compiled', (_what, source) => {
  const document = parse(source);
  expect(compileQuery(schema, document, getOperationAST(document)!)).toBeNull();
});

test('a variable that is not given leaves an input field at its default', async () => {
  const [{ id }] = await api.sql(`select id from prospects where email is not null limit 1`);
  const prospectId = Buffer.from(`Prospect:${id}`).toString('base64url');
  const query = 'query ($channel: Channel!, $id: ID!) { previewDraft(input: { prospectId: $id, subjectTemplate: "s", bodyTemplate: "b" }) { subject } social: previewDraft(input: { channel: $channel, prospectId: $id, bodyTemplate: "b" }) { subject } }';
  const { data, errors } = await api.ask(query, { id: prospectId, channel: 'SOCIAL' });
  expect(errors).toBeUndefined();
  expect(data).toEqual({ previewDraft: { subject: 's' }, social: { subject: null } });
});

test('a dry run is not one when it is not asked for, and nothing else decides that', async () => {
  const query = `mutation ($data: String!, $dryRun: Boolean) { importProspects(input: { format: CSV, data: $data, dryRun: $dryRun }) { job { dryRun } userErrors { message } } }`;
  const data = 'display_name,profile_url\nAda,https://ada.example/\n';
  const run = async (variables: object) => (await api.ask(query, { data, ...variables })).data.importProspects;
  expect(await run({ dryRun: true })).toEqual({ job: { dryRun: true }, userErrors: [] });
  expect(await run({})).toEqual({ job: { dryRun: false }, userErrors: [] });
});

test('subscriptions are refused over HTTP', async () => {
  const answer = await throughCompiled({ document: parse('subscription { jobsChanged { id } }'), context: context() });
  expect(answer.errors?.[0]?.extensions['code']).toBe('BAD_REQUEST');
});
