import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Query, type QueryResult } from 'pg';
import { DatabaseClient } from '../../src/database/databaseClient.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { keptBytes } from '../support/keptBytes.ts';

let database: TestDatabase;
let client: DatabaseClient;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new DatabaseClient({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

test('a statement is asked in every way that pg has', async () => {
  const text = 'select $1::int as n';
  expect((await client.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
  expect((await client.query(text, [2])).rows).toEqual([{ n: 2 }]);
  expect((await client.query({ text, values: [3] })).rows).toEqual([{ n: 3 }]);
  expect((await client.query({ text, rowMode: 'array' }, [4])).rows).toEqual([[4]]);
  expect(await new Promise((resolve) => client.query(text, [5], (_error: Error, { rows }: QueryResult) => resolve(rows)))).toEqual([{ n: 5 }]);
  expect(await new Promise((resolve) => client.query(new Query({ text, values: [6] })).on('row', resolve))).toEqual({ n: 6 });
});

test('a statement that fails rejects, and the next one runs', async () => {
  await expect(client.query('select 1 / $1::int', [0])).rejects.toMatchObject({ code: '22012' });
  await expect(client.query('select $1::int', [])).rejects.toMatchObject({ code: '42P02' });
  expect((await client.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
});

test('what was answered is gone at a minor collection of garbage: pg would keep it until a major one', async () => {
  const kept = await keptBytes(async () => {
    for (let time = 0; time < 200; time += 1) await client.query(`select n || 'something' as a, n || 'else' as b, n || 'more' as c from generate_series(1, $1::int) n`, [300]);
  });
  expect(kept).toBeLessThan(2_000_000);
});
