import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Pool, type PoolClient } from 'pg';
import { acquireBy } from '../../src/database/acquireBy.ts';
import { sharing } from '../../src/database/sharing.ts';
import { RequestScope } from '../../src/limits/RequestScope.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  // A key may have two of them: the second while two are left.
  pool = new Pool({ connectionString: database.url, max: 4, connectionTimeoutMillis: 20_000 });
  acquireBy(pool, sharing);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** A connection for a request of this key. */
function connectAs(holder: string): Promise<PoolClient> {
  const scope = new RequestScope();
  scope.holder = holder;
  return scope.run(() => pool.connect());
}

test('a connection that is lost before whoever asked for it has it is not held against its key', async () => {
  pool.once('acquire', (client) => queueMicrotask(() => client.release(true)));
  await connectAs('Ada');
  const both = await Promise.all([connectAs('Ada'), connectAs('Ada')]);
  expect(pool.totalCount).toBe(2);
  both.forEach((client) => client.release());
});

test('a key waits for its own to come back, and others do not', async () => {
  const [first, second] = [await connectAs('Ada'), await connectAs('Ada')];
  let isThere = false;
  const third = connectAs('Ada').finally(() => (isThere = true));
  (await connectAs('Grace')).release();
  expect(isThere).toBe(false);
  first!.release();
  (await third).release();
  second!.release();
});

test('a statement that the pool is asked for without a connection is shared as well', async () => {
  const scope = new RequestScope();
  scope.holder = 'Ada';
  const { rows } = await scope.run(() => pool.query('select 1 as one'));
  expect(rows).toEqual([{ one: 1 }]);
  const both = await Promise.all([connectAs('Ada'), connectAs('Ada')]);
  both.forEach((client) => client.release());
});
