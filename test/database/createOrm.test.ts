import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { createOrm } from '../../src/database/createOrm.ts';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** As an administrator or a restart does it. */
async function end(em: EntityManager): Promise<void> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(em.getKysely());
  await queryOnce(database.url, 'select pg_terminate_backend($1)', [rows[0]!.pid]);
}

test('connections that are lost in mid transaction do not use up the pool', async () => {
  const orm = await createOrm({ url: database.url, poolSize: 2 });
  const broken = () => orm.em.fork().transactional(async (tx) => {
    await end(tx);
    await sql`select 1`.execute(tx.getKysely());
  });
  for (let times = 0; times < 5; times += 1) await expect(broken()).rejects.toThrow(/terminat|closed|not queryable/);

  await expect(Promise.all([1, 2, 3].map(() => sql`select 1`.execute(orm.em.getKysely())))).resolves.toHaveLength(3);
  await orm.close(true);
});

test('a connection that is lost before the COMMIT is given back too', async () => {
  const orm = await createOrm({ url: database.url, poolSize: 1 });
  await expect(orm.em.fork().transactional((tx) => end(tx))).rejects.toThrow(/terminat|closed|not queryable/);

  await expect(orm.em.fork().transactional((tx) => sql`select 1`.execute(tx.getKysely()))).resolves.toBeDefined();
  await orm.close(true);
});

test('a connection that is used again and again keeps no listeners', async () => {
  const orm = await createOrm({ url: database.url, poolSize: 1 });
  const warnings: Error[] = [];
  const listen = (warning: Error) => warnings.push(warning);
  process.on('warning', listen);
  for (let times = 0; times < 20; times += 1) await orm.em.fork().transactional((tx) => sql`select 1`.execute(tx.getKysely()));
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', listen);

  expect(warnings.filter(({ name }) => name === 'MaxListenersExceededWarning')).toEqual([]);
  await orm.close(true);
});

test('what the URL says of TLS is obeyed: a server without it is refused, not spoken to in the open', async () => {
  const orm = await createOrm({ url: `${database.url}?sslmode=require` });
  await expect(sql`select 1`.execute(orm.em.getKysely())).rejects.toThrow(/SSL/);
  await orm.close(true);
});

test('what is closed opens no connection again, however late somebody comes', async () => {
  const orm = await createOrm({ url: database.url, applicationName: 'late' });
  await sql`select 1`.execute(orm.em.getKysely());
  await orm.close(true);
  await expect(orm.em.fork().transactional((tx) => sql`select 1`.execute(tx.getKysely()))).rejects.toThrow('The connections to the database are closed.');
  expect(await queryOnce(database.url, `select from pg_stat_activity where application_name = 'late'`)).toEqual([]);
});
