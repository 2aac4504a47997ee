import type { SchemaDrift } from '../../src/health/health.ts';
import { createTestDatabase, queryOnce } from '../support/database.ts';
import { repairable, repairAll } from './repairSupport.ts';
import { causeIn, reportAfter, run } from './support.ts';

/** What is nearly as ours, and what that does. */
const cases: [what: string, statements: string[], drift: Partial<SchemaDrift>][] = [
  ['a domain over the type of a column', ['create domain score as int', 'alter table jobs alter column attempt type score'], { kind: 'COLUMN_TYPE', effect: 'NONE', severity: 'INFO' }],
  ['a domain that refuses some values', ['create domain score as int check (value > 0)', 'alter table jobs alter column attempt type score'], { kind: 'COLUMN_TYPE', effect: 'WRITE_FAILS', sqlState: '23514', message: expect.stringContaining('VALUE > 0') as unknown as string }],
  ['a domain that refuses NULL', ['create domain reason as text not null', `alter table jobs alter column error type reason using coalesce(error, '')`], { kind: 'COLUMN_TYPE', effect: 'WRITE_FAILS', sqlState: '23502' }],
  ['a domain over a smaller type', ['create domain score as smallint', 'alter table jobs alter column attempt type score'], { kind: 'COLUMN_TYPE', effect: 'WRITE_FAILS', sqlState: '22003' }],
  [
    'a partitioned table without partitions',
    ['alter table scraper_history rename to old', 'create table scraper_history (like old including defaults) partition by range (created_at)', 'drop table old'],
    { kind: 'RELATION_KIND', effect: 'WRITE_FAILS', sqlState: '23514' },
  ],
  [
    'a partitioned table with a partition for every row',
    ['alter table scraper_history rename to old', 'create table scraper_history (like old including defaults) partition by range (created_at)', 'create table scraper_history_all partition of scraper_history default', 'drop table old'],
    { kind: 'RELATION_KIND', effect: 'LATENT' },
  ],
];

test.each(cases)('%s is told by what it does', async (_, statements, drift) => {
  expect(causeIn(await reportAfter(...statements))).toMatchObject(drift);
});

test('a table that was moved is the only thing to mend: foreign keys have followed it', async () => {
  const { drift } = await reportAfter('alter table pgboss.queue set schema public');
  expect(drift.map(({ id }) => id)).toEqual(['MOVED_TABLE:pgboss.queue']);
});

test('a table that shows its rows in ours is cut off when somebody says so, and keeps them', async () => {
  const database = await createTestDatabase();
  await run(database, 'create table legacy () inherits (workers)', `insert into legacy (id, name, version) values (gen_random_uuid(), 'old', '1')`);
  const repair = repairable(database.url);
  const safe = (await repairAll(repair, ['CAUTION'])).after;
  await repair.close();
  const rows = await queryOnce(database.url, 'select (select count(*)::int from workers) as workers, (select count(*)::int from legacy) as legacy');
  await database.drop();

  expect(safe.drift).toMatchObject([{ kind: 'EXTRA_TABLE', effect: 'NONE' }]);
  expect(rows).toEqual([{ workers: 0, legacy: 1 }]);
});
