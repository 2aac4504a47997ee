import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Client } from 'pg';
import { buildSchema } from '../../src/app/buildSchema.ts';
import { fromGlobalId, nodeTypes, toGlobalId, type NodeType } from '../../src/domain/globalId.ts';
import { makeFixtures } from '../graphql/gating/fixtures.ts';
import { site } from '../graphql/gating/site.ts';
import { seed, startApi, type Answer, type Api } from '../graphql/support.ts';
import { givenArguments, type Ids } from './givenArguments.ts';
import { hostileOf } from './hostile.ts';
import { documentOf, operationsOf, type Operation } from './places.ts';
import { readBack } from './readBack.ts';
import { runsOf, seedOfRun, timeoutMs } from './runs.ts';

const schema = buildSchema();
const operations = operationsOf(schema);

let api: Api;
let owner: Client;
let ids: Ids;
let digest: string;
/** fields of mutations that were read back */
const kept = new Set<string>();
beforeAll(async () => {
  api = await startApi();
  await seed(api, 10);
  owner = new Client({ connectionString: api.databaseUrl });
  await owner.connect();
  await makeFixtures(owner);
  ids = await readIds();
  digest = await readDigest();
});
afterAll(async () => {
  await owner.end();
  await api.stop();
  await site.close();
});

const tables: Readonly<Record<NodeType, string>> = {
  Prospect: 'prospects', SocialProfile: 'social_profiles', Draft: 'email_drafts union all select id from social_drafts', Message: 'email_messages union all select id from social_messages', Job: 'jobs',
  JobFailure: `(select job_id || '.' || ordinal as id from job_targets) failures`, Template: 'templates', SavedFilter: 'saved_filters', ApiKey: 'api_keys', Webhook: 'webhooks', WebhookDelivery: 'webhook_deliveries', Activity: 'activities',
  Suppression: 'suppressions', InboundMessage: 'inbound_messages', DiscoveryQuery: 'discovery_queries', ScraperRequest: 'scraper_history',
};

async function readIds(): Promise<Ids> {
  const found = await Promise.all(nodeTypes.map(async (type) => {
    const { rows } = await owner.query<{ id: string }>(`select id from ${tables[type]}`);
    return [type, rows.map(({ id }) => toGlobalId(type, id))] as const;
  }));
  return new Map(found);
}

/** Of everything that stands in the database, so that whatever is written shows. */
async function readDigest(): Promise<string> {
  statement ??= await digestStatement();
  const { rows } = await owner.query<{ digest: string }>({ name: 'digest', text: statement });
  return rows[0]!.digest;
}
let statement: string | undefined;
async function digestStatement(): Promise<string> {
  // A key's last use is no part of what is asked for, and PostgreSQL's queue keeps times of its own.
  const { rows } = await owner.query<{ name: string }>(`select quote_ident(relname) as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname`);
  const sums = rows.map(({ name }) => `select '${name}' as name, count(*) as n, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) as sum from ${name} t`);
  return `select string_agg(name || ' ' || n || ' ' || sum, ', ' order by name) as digest from (${sums.join(' union all ')}) as tables`;
}

/** What a mutation needs to know of the row, as it stands now. */
async function asRead(args: any, hostile: readonly string[]): Promise<any> {
  const input = args.input as Record<string, unknown> | undefined;
  if (!input || typeof input['id'] !== 'string') return args;
  const { type, key } = fromGlobalId(input['id']) ?? {};
  if ('version' in input && type === 'Draft' && hostile.at(-1) !== 'version') {
    const { rows } = await owner.query(`select version from email_drafts where id = $1 union all select version from social_drafts where id = $1`, [key]);
    return { ...args, input: { ...input, version: rows[0]?.version ?? 1 } };
  }
  if ('updatedAt' in input && (type === 'Prospect' || type === 'Template') && hostile.at(-1) !== 'updatedAt') {
    const { rows } = await owner.query(`select updated_at from ${type === 'Prospect' ? 'prospects' : 'templates'} where id = $1`, [key]);
    return { ...args, input: { ...input, updatedAt: rows[0]?.updated_at ?? input['updatedAt'] } };
  }
  return args;
}

/** JSON has no -0, and an Int is none either. */
const asSent = (input: Record<string, unknown>): Record<string, unknown> => JSON.parse(JSON.stringify(input));

/** What an answer to somebody's mistake may be; whatever else is one of ours. */
const mistakes = new Set(['BAD_USER_INPUT', 'NOT_FOUND', 'GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED', 'MAX_COST_EXCEEDED']);

async function ask(operation: Operation, variables: object): Promise<{ status: number; answer: Answer }> {
  const response = await api.post({ query: documentOf(operation), variables });
  return { status: response.status, answer: (await response.json()) as Answer };
}

const refusalsOf = ({ data, errors }: Answer): unknown[] => [...(errors ?? []), ...Object.values(data ?? {}).flatMap((payload: any) => payload?.userErrors ?? [])];

/** Of several things some may be done and some refused: the answer then says what was done. */
const isPartly = ({ data }: Answer): boolean =>
  Object.values(data ?? {}).some((payload: any) => Object.entries(payload ?? {}).some(([name, value]) => !/^(userErrors|failed.*)$/.test(name) && (Array.isArray(value) ? value.length > 0 : typeof value === 'number' && value > 0)));

test('every scalar that outside values have is known', () => {
  expect([...new Set(operations.flatMap(({ places }) => places.map(({ type }) => type)))].filter((type) => !(type in hostileOf))).toEqual([]);
  expect(operations.flatMap(({ places }) => places).length).toBeGreaterThan(250);
  expect(ids.size).toBe(nodeTypes.length);
  expect([...ids].filter(([, some]) => some.length === 0)).toEqual([]);
});

test.each(operations)('$name takes what it is given, or says what is wrong with it', async (operation) => {
  const nodes = operation.below === null ? [] : ids.get(operation.below)!;
  await fc.assert(
    fc.asyncProperty(givenArguments(operation, ids), fc.nat(), async ({ args, place }, number) => {
      const given = await asRead(args, place.path);
      const { status, answer } = await ask(operation, nodes.length > 0 ? { node: nodes[number % nodes.length], ...given } : given);
      expect([status, (answer.errors ?? []).filter(({ extensions }) => !mistakes.has(extensions.code))]).toEqual([status === 400 ? 400 : 200, []]);
      const refused = refusalsOf(answer);
      if (operation.kind !== 'mutation') return;
      const before = digest;
      digest = await readDigest();
      if (refused.length > 0 && !isPartly(answer)) expect(digest).toBe(before);
      if (refused.length > 0) return;
      const back = readBack(operation, asSent(given.input), answer.data[operation.field.name]);
      back.forEach(({ field }) => kept.add(`${operation.name} ${field}`));
      expect(back.map(({ field, read }) => [field, read])).toEqual(back.map(({ field, kept }) => [field, kept]));
    }),
    { seed: seedOfRun, numRuns: runsOf(operation.places.length), endOnFailure: true },
  );
}, timeoutMs);

test('what was taken was read back', () => {
  expect(kept.size).toBeGreaterThan(12);
  expect([...kept]).toEqual(expect.arrayContaining(['Mutation.createProspect displayName', 'Mutation.createTemplate body', 'Mutation.createWebhook url']));
});
