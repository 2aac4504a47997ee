import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isInputObjectType, isObjectType, isEnumType, type GraphQLInputObjectType, type GraphQLSchema } from 'graphql';
import { buildSchema } from '../../src/app/buildSchema.ts';
import { operationMap } from '../../src/app/operations.ts';
import { expectedCatalog } from '../../src/health/expectedCatalog.ts';
import { seed, startApi, type Api } from './support.ts';

let api: Api;
let operations: ReturnType<typeof operationMap>;
const schema = buildSchema();

beforeAll(async () => {
  api = await startApi();
  await seed(api, 3);
  operations = operationMap(api.orm);
});
afterAll(() => api.stop());

function exists(coordinate: string, { getType }: GraphQLSchema): boolean {
  const [typeName, field] = coordinate.split('.') as [string, string];
  const type = getType.call(schema, typeName);
  if (isEnumType(type)) return type.getValue(field) != null;
  return (isObjectType(type) || isInputObjectType(type)) && type.getFields()[field] !== undefined;
}

test('every coordinate of the map is in the schema', () => {
  const wrong = Object.values(operations).flat().filter((coordinate) => !exists(coordinate, schema));
  expect(wrong).toEqual([]);
});

test('every object of the map is in the expected schema', () => {
  const { relations, enums, functions } = expectedCatalog;
  const known = new Set([
    ...Object.entries(relations).flatMap(([table, { columns, constraints, indexes }]) => [
      table,
      ...Object.keys(columns).map((column) => `${table}.${column}`),
      ...Object.keys({ ...constraints, ...indexes }).map((name) => `${table}#${name}`),
    ]),
    ...Object.entries(enums).flatMap(([type, labels]) => [type, ...labels.map((label) => `${type}=${label}`)]),
    ...Object.keys(functions).map((name) => name.replace(/\(.*/, '()')),
  ]);
  const object = (key: string) => key.replace(/#(SELECT|INSERT|UPDATE|DELETE|LOCK|CASCADE|CONFLICT|ROWS|OMITTED)$/, '');
  expect(Object.keys(operations).filter((key) => !known.has(object(key)))).toEqual([]);
});

test('every field of every filter is in the map', () => {
  const affected = new Set(Object.values(operations).flat());
  const filters = ['ProspectFilter', 'SocialProfileFilter', 'DraftFilter', 'MessageFilter', 'JobFilter', 'WebhookDeliveryFilter'];
  const fields = filters.flatMap((name) => Object.keys((schema.getType(name) as GraphQLInputObjectType).getFields()).map((field) => `${name}.${field}`));
  expect(fields.filter((field) => !affected.has(field))).toEqual([]);
});

test('every mutation is affected by some table, but for those that mend the schema', () => {
  const affected = new Set(Object.values(operations).flat());
  const missing = Object.keys(schema.getMutationType()!.getFields()).filter((name) => !affected.has(`Mutation.${name}`));
  expect(missing.sort()).toEqual(['applyMigrations', 'repairSchema']);
});

const fieldsThatFail: [object: string, rename: string, query: string][] = [
  ['prospects.bio_text', 'prospects', '{ prospects { nodes { bioText } } }'],
  ['social_profiles.username', 'social_profiles', '{ prospects { nodes { socialProfiles { username } } } }'],
  ['email_drafts.subject', 'email_drafts', '{ drafts { nodes { subject } } }'],
  ['jobs.outcome_counts', 'jobs', '{ jobs { nodes { outcomes { count } } } }'],
  ['job_targets.column_name', 'job_targets', '{ jobs { nodes { failures { nodes { column } } } } }'],
  ['workers.seen_at', 'workers', '{ workers { name } }'],
  ['prospects.tags', 'prospects', '{ prospects(filter: { tag: "x" }) { nodes { id } } }'],
  ['prospects.display_name', 'prospects', '{ prospects(orderBy: { field: DISPLAY_NAME, direction: ASC }) { nodes { id } } }'],
];

test.each(fieldsThatFail)('without %s what fails was predicted', async (object, table, query) => {
  const column = object.split('.')[1];
  await api.sql(`alter table ${table} rename column ${column} to gone_away`);
  try {
    const { errors } = await api.ask(query);
    expect(errors?.[0]?.extensions.code).toBe('SCHEMA_NOT_READY');
    expect(errors?.[0]?.extensions['missing']).toContain(object);
  } finally {
    await api.sql(`alter table ${table} rename column gone_away to ${column}`);
  }
});
