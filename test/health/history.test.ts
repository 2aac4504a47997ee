import { expectedCatalog } from '../../src/health/expectedCatalog.ts';
import type { SchemaDrift } from '../../src/health/health.ts';
import { MIGRATION_LOCK } from '../../src/migrate/lock.ts';
import { createEmptyDatabase, createTestDatabase } from '../support/database.ts';
import { checkOnce, holding, reportAfter } from './support.ts';

const [first = '', last = ''] = [expectedCatalog.migrations.at(0)?.name, expectedCatalog.migrations.at(-1)?.name];
const copy = (changes: string) =>
  `insert into schema_migrations select (jsonb_populate_record(m, '${changes}')).* from schema_migrations m where name = '${last}'`;

const cases: [what: string, statements: string | string[], drift: Partial<SchemaDrift>][] = [
  ['a migration whose record was lost', `delete from schema_migrations where name = '${last}'`, { kind: 'MIGRATION_EFFECT_PRESENT', object: last, causedBy: null }],
  ['a migration that this version does not know', copy('{"name": "9999_later"}'), { kind: 'MIGRATION_UNKNOWN', object: '9999_later' }],
  ['a migration that was changed after it was applied', `update schema_migrations set checksum = 'another' where name = '${last}'`, { kind: 'MIGRATION_CHANGED', object: last }],
  ['a migration left out although a later one was applied', `delete from schema_migrations where name < '${last}'`, { kind: 'MIGRATION_OUT_OF_ORDER', object: first }],
  ['a migration that stopped half way', `update schema_migrations set finished = false, statements_applied = 3 where name = '${last}'`, { kind: 'MIGRATION_HALF_APPLIED', object: last }],
  ['a history that is missing', 'drop table schema_migrations', { kind: 'HISTORY_MISSING', table: 'schema_migrations' }],
  ['a history that is empty', 'delete from schema_migrations', { kind: 'HISTORY_EMPTY', table: 'schema_migrations' }],
  ['a history without names', ['alter table schema_migrations drop column name'], { kind: 'MISSING_COLUMN', table: 'schema_migrations', column: 'name' }],
];

describe('a check of the history', () => {
  test.each(cases)('finds %s', async (_, statements, expected) => {
    const { drift, status } = await reportAfter(...[statements].flat());

    expect(drift).toContainEqual(expect.objectContaining(expected));
    expect(status).not.toBe('READY');
  });

  test('finds a migration that stands there twice, once', async () => {
    const { drift } = await reportAfter('alter table schema_migrations drop constraint schema_migrations_pkey', copy('{}'));

    expect(drift.filter(({ kind }) => kind === 'MIGRATION_DUPLICATE').map(({ object }) => object)).toEqual([last]);
  });

  test('mends the key that let a migration in twice with the history, and not beside it', async () => {
    const { drift, summary, repairPlan } = await reportAfter('alter table schema_migrations drop constraint schema_migrations_pkey', copy('{}'));

    expect(drift.filter(({ causedBy }) => causedBy === null).map(({ kind }) => kind)).toEqual(['MIGRATION_DUPLICATE']);
    expect(summary).toContain('run "outrider schema history --repair"');
    expect(repairPlan).toEqual([]);
  });

  test('says how far a half applied migration came', async () => {
    const { drift, migrations } = await reportAfter(`update schema_migrations set finished = false, statements_applied = 0 where name = '${last}'`);

    expect(drift[0]?.message).toContain('stopped after statement 0 of ');
    expect(migrations?.migrations.at(-1)).toMatchObject({ name: last, state: 'HALF_APPLIED', statementsApplied: 0 });
  });

  test('calls the history corrupt when a row has no name, and guesses nothing', async () => {
    const { drift, migrations } = await reportAfter(
      'alter table schema_migrations drop constraint schema_migrations_pkey',
      'alter table schema_migrations alter column name drop not null',
      'update schema_migrations set name = null',
    );

    expect(drift.map(({ kind }) => kind)).toContain('HISTORY_CORRUPT');
    expect(drift.map(({ kind }) => kind)).not.toContain('MIGRATION_PENDING');
    expect(migrations).toBeNull();
  });

  test('explains every missing object of an empty database by its pending migration', async () => {
    const database = await createEmptyDatabase();
    const { drift, status, summary } = await checkOnce(database.url);
    await database.drop();

    const causes = drift.filter(({ causedBy }) => causedBy === null);
    expect(causes.map(({ kind }) => kind)).toEqual(expectedCatalog.migrations.map(() => 'MIGRATION_PENDING'));
    expect(drift.find(({ id }) => id === 'MISSING_TABLE:jobs')?.causedBy).toBe(`MIGRATION_PENDING:${first}`);
    expect(drift.flatMap(({ fixes }) => fixes)).toEqual([]);
    expect(status).toBe('BROKEN');
    expect(summary).toContain('outrider migrate');
  });

  test('takes a migration that runs elsewhere for no drift', async () => {
    const database = await createTestDatabase();
    const migrator = await holding(database.url, `select pg_advisory_lock(${MIGRATION_LOCK})`, `delete from schema_migrations where name = '${last}'`, 'commit');
    const { drift, status } = await checkOnce(database.url);
    await migrator.release();
    await database.drop();

    expect(drift.map(({ kind, effect }) => [kind, effect])).toEqual([['MIGRATION_IN_PROGRESS', 'NONE']]);
    expect(status).toBe('READY');
  });
});
