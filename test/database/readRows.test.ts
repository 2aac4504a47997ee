import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { sql, type Kysely, type RawBuilder } from 'kysely';
import { createOrm } from '../../src/database/createOrm.ts';
import { readRows } from '../../src/database/readRows.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let orm: MikroORM;
let db: Kysely<never>;
beforeAll(async () => {
  database = await createTestDatabase();
  orm = await createOrm({ url: database.url, poolSize: 1 });
  db = orm.em.getKysely() as unknown as Kysely<never>;
});
afterAll(async () => {
  await orm.close(true);
  await database.drop();
});

const values: Record<string, RawBuilder<unknown>> = {
  text: sql`'x'::text`,
  'an empty text': sql`''::text`,
  'a text that cannot be part of JSON as it is': sql`${'"\\\u0001\u2028😀'}::text`,
  null: sql`null::int`,
  boolean: sql`false`,
  integer: sql`-3::int`,
  bigint: sql`9007199254740993::bigint`,
  numeric: sql`0.1::numeric`,
  float: sql`0.1::float8`,
  'not a number': sql`'NaN'::float8`,
  uuid: sql`'018f3c3e-7a1b-7000-8000-000000000001'::uuid`,
  time: sql`'2026-01-02 03:04:05.678901+00'::timestamptz`,
  infinity: sql`'infinity'::timestamptz`,
  enum: sql`'website'::platform`,
  'list of texts': sql`array['a', 'b,c', '"', null, '']::text[]`,
  'empty list': sql`'{}'::text[]`,
  'list of numbers': sql`'{1,2}'::int[]`,
  json: sql`'{"a": [1, null]}'::jsonb`,
  bytes: sql`'\\x00ff'::bytea`,
};

test.each(Object.entries(values))('%s: a column is what an ordinary statement answers', async (_name, value) => {
  const statement = sql<{ value: unknown; given: string }>`select ${value} as value, ${'something'} as given`;
  const [read] = await readRows(db, statement);
  const [ordinary] = (await statement.execute(db)).rows;
  expect({ value: read!.value, given: read!.given }).toEqual(ordinary);
});

test('a value is made when it is read, and not with its row', async () => {
  const [row] = await readRows(db, sql<{ value: object }>`select '[1]'::jsonb as value, ${1}::int as given`);
  expect(Object.hasOwn(row!, 'value')).toBe(false);
  expect(row!.value).not.toBe(row!.value);
});

test('of two columns with one name the last counts, as in an ordinary statement', async () => {
  const [row] = await readRows(db, sql<{ value: number }>`select 1 as value, ${2}::int as value`);
  expect(row!.value).toBe(2);
});

test('a column that becomes one of another type is read as that', async () => {
  const readValue = async (type: string) => (await readRows(db, sql<{ value: unknown }>`select ${'1'}::${sql.raw(type)} as value`))[0]!.value;
  expect([await readValue('text'), await readValue('int'), await readValue('text')]).toEqual(['1', 1, '1']);
});

test('a statement that fails rejects with the code of PostgreSQL, and its connection is good for the next', async () => {
  await expect(readRows(db, sql`select 1 / ${0}::int`)).rejects.toMatchObject({ code: '22012' });
  await expect(readRows(db, sql`select * from nothing where ${1}::int = 1`)).rejects.toMatchObject({ code: '42P01' });
  expect(await readRows(db, sql`select ${1}::int as n limit 0`)).toEqual([]);
});
