import pg from 'pg';
import type { SchemaHealthMonitor } from '../../src/health/health.ts';
import { createEmptyDatabase, createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';
import { proxy } from './proxy.ts';
import { checkOnce, healthOf, holding } from './support.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

/**
 * How often the catalog is sent for, at the least of five times: roles belong to the whole server, so that what other tests do with theirs
 * is looked at closer, and a statement that is not answered in time is sent again.
 */
async function readings(use: (health: SchemaHealthMonitor, counted: () => number) => Promise<unknown>, expected: number): Promise<number> {
  let least = Infinity;
  for (let time = 0; time < 5 && least > expected; time++) {
    const through = await proxy(database.url);
    const health = healthOf(through.url);
    const counted = () => through.sent().split('pg_get_expr(d.adbin').length - 1;
    await use(health, counted);
    await health.close();
    through.stop();
    least = Math.min(least, counted());
  }
  return least;
}

describe('a check', () => {
  test('takes an index that is being built for no drift', async () => {
    await queryOnce(database.url, 'drop index jobs_status');
    const writer = await holding(database.url, `insert into jobs (id, job_type) values (gen_random_uuid(), 'draft')`);
    const build = queryOnce(database.url, 'create index concurrently jobs_status on jobs (status, created_at, id)');
    await waitFor(() => queryOnce(database.url, `select from pg_index where indexrelid = to_regclass('jobs_status')`).then(({ length }) => length > 0));
    const during = await checkOnce(database.url);
    await writer.release();
    await build;

    expect(during.drift).toEqual([]);
  });

  test('creates nothing in an empty database', async () => {
    const empty = await createEmptyDatabase();
    await checkOnce(empty.url);
    const made = await queryOnce(empty.url, `select relname from pg_class where oid >= 16384`);
    await empty.drop();

    expect(made).toEqual([]);
  });

  test('works where every transaction is read-only, and says that of nothing else', async () => {
    await queryOnce(database.url, `do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$`);

    const { status, drift } = await checkOnce(database.url);
    expect([status, drift.map(({ id }) => id)]).toEqual(['BROKEN', ['PRIVILEGE:default_transaction_read_only']]);
  });

  test('is shared by 50 callers: one reading of the catalog', async () => {
    const count = await readings(async (health) => {
      const reports = await Promise.all(Array.from({ length: 50 }, (_, index) => health.check({ refresh: index % 2 === 0 })));
      expect(new Set(reports.map(({ status }) => status))).toEqual(new Set(['READY']));
    }, 1);

    expect(count).toBe(1);
  });

  test('of an unchanged schema reads no catalog again', async () => {
    const count = await readings(async (health) => {
      const first = await health.check();
      for (let time = 0; time < 5; time++) expect(await health.check()).toMatchObject({ status: 'READY', fingerprint: first.fingerprint });
    }, 1);

    expect(count).toBe(1);
  });

  test('of a schema that has changed reads it', async () => {
    const health = healthOf(database.url);
    const before = await health.check();
    await queryOnce(database.url, 'drop index jobs_status');
    const after = await health.check();
    await health.close();

    expect([before, after].map(({ drift }) => drift.map(({ id }) => id))).toEqual([[], ['INDEX:jobs#jobs_status']]);
  });

  test('answers while every other connection of its role waits', async () => {
    const holder = await holding(database.url, 'lock table prospects in access exclusive mode');
    const waiting = Array.from({ length: 5 }, () => new pg.Client({ connectionString: database.url }));
    await Promise.all(waiting.map((client) => client.connect()));
    const queries = waiting.map((client) => client.query('select count(*) from prospects'));
    const report = await checkOnce(database.url);
    await holder.release();
    await Promise.all(queries);
    await Promise.all(waiting.map((client) => client.end()));

    expect(report.unverified.map(({ object }) => object)).toEqual(['prospects']);
  });

  test('of 50 callers who all ask for a reading is one reading', async () => {
    expect(await readings((health) => Promise.all(Array.from({ length: 50 }, () => health.check({ refresh: true }))), 1)).toBe(1);
  });

  test('that somebody asks to read while a glance is under way does read', async () => {
    const count = await readings(async (health, counted) => {
      await health.check();
      const before = counted();
      await Promise.all([health.check(), health.check({ refresh: true }), health.check()]);
      expect(counted()).toBeGreaterThan(before);
    }, 2);

    expect(count).toBe(2);
  });

  test('of a schema without drift is one round trip, and a glance at an unchanged one too', async () => {
    const through = await proxy(database.url);
    const health = healthOf(through.url);
    const transactions = () => through.sent().split('begin isolation level').length - 1;
    // Roles belong to the whole server: what other tests do with theirs is looked at closer.
    const takesOne = (refresh: boolean) => waitFor(async () => {
      const before = transactions();
      await health.check({ refresh });
      return transactions() - before === 1;
    });

    expect([await takesOne(true), await takesOne(false)]).toEqual([true, true]);
    await health.close();
    through.stop();
  });

  test('never writes, whatever it finds', async () => {
    await queryOnce(database.url, 'alter table jobs drop column drafts_created cascade; alter table prospects alter column source_platform drop not null; drop table workers');
    const written = () => queryOnce(database.url, `select sum(n_tup_ins + n_tup_upd + n_tup_del)::int as rows from pg_stat_user_tables`);
    const before = await written();
    const through = await proxy(database.url);
    await checkOnce(through.url);
    through.stop();
    const begun = through.sent().match(/begin (isolation|read|transaction)?[^;]*;/g) ?? [];

    expect(begun.length).toBeGreaterThan(3);
    expect(begun.filter((text) => !text.includes('read only'))).toEqual([]);
    expect(await written()).toEqual(before);
  });
});
