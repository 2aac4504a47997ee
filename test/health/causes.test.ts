import type { MigrationFile } from '../../src/migrate/migrations.ts';
import { buildExpectedCatalog } from '../../src/health/buildCatalog.ts';
import { causesOf } from '../../src/health/causes.ts';
import type { Finding } from '../../src/health/finding.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { reportAfter } from './support.ts';

describe('an incident has one cause after', () => {
  const cases: [statement: string, cause: string][] = [
    ['alter table jobs drop column status cascade', 'MISSING_COLUMN:jobs.status'],
    ['drop schema pgboss cascade', 'MISSING_TABLE:pgboss'],
    ['drop table prospects cascade', 'MISSING_TABLE:prospects'],
    ['drop function touch_updated_at cascade', 'FUNCTION:touch_updated_at()'],
    ['alter table jobs drop constraint jobs_pkey cascade', 'PRIMARY_KEY:jobs#jobs_pkey'],
    ['drop type job_status cascade', 'ENUM:job_status'],
    ['alter table jobs disable trigger all', 'TRIGGER:jobs=all'],
  ];
  test.each(cases)('%s', async (statement, cause) => {
    const { drift } = await reportAfter(statement);

    expect(drift.length).toBeGreaterThan(1);
    expect(drift.filter(({ causedBy }) => causedBy === null).map(({ id }) => id)).toEqual([cause]);
  });

  test('the migrations of the queue were never applied', async () => {
    const { drift } = await reportAfter('drop schema pgboss cascade', `delete from schema_migrations where name = '0002_queue'`);
    const roots = drift.filter(({ causedBy }) => causedBy === null).map(({ id }) => id);

    expect(roots).toEqual(['MIGRATION_OUT_OF_ORDER:0002_queue']);
  });
});

describe('a migration that is pending', () => {
  const file = (name: string, ...statements: string[]): MigrationFile => ({ name, checksum: name, statements, transactional: true });
  const migrations = [
    file('0001_first', 'create table notes (id int primary key, text varchar(10), old text)', 'create function f() returns int language sql return 1', 'create index notes_text on notes (text)'),
    file('0002_second', 'alter table notes alter column text type text', 'alter table notes drop column old', 'create or replace function f() returns int language sql return 2', 'alter table notes add column fresh int'),
  ];
  const pending: Finding = { kind: 'MIGRATION_PENDING', object: '0002_second', effect: 'LATENT', message: '' };
  const finding = (more: Partial<Finding>): Finding => ({ kind: 'COLUMN_TYPE', effect: 'SILENT', message: '', ...more });
  const cases: [what: string, finding: Finding, cause: string | undefined][] = [
    ['explains a column that it would have made', finding({ kind: 'MISSING_COLUMN', table: 'notes', column: 'fresh', lost: 'notes.fresh' }), 'MIGRATION_PENDING:0002_second'],
    ['explains a column that it would have changed', finding({ table: 'notes', column: 'text' }), 'MIGRATION_PENDING:0002_second'],
    ['explains a column that it would have dropped', finding({ kind: 'EXTRA_COLUMN', table: 'notes', column: 'old' }), 'MIGRATION_PENDING:0002_second'],
    ['explains a function that it would have replaced', finding({ kind: 'FUNCTION', object: 'f()' }), 'MIGRATION_PENDING:0002_second'],
    ['explains nothing that an earlier one made', finding({ kind: 'INDEX', table: 'notes', object: 'notes_text', lost: 'notes#notes_text' }), undefined],
    ['explains no change of what it does not touch', finding({ table: 'notes', column: 'id' }), undefined],
  ];
  let expected: Awaited<ReturnType<typeof buildExpectedCatalog>>;

  beforeAll(async () => {
    const empty = await createEmptyDatabase();
    expected = await buildExpectedCatalog(empty.url, migrations);
    await empty.drop();
  });

  test.each(cases)('%s', (_, one, cause) => {
    expect([...causesOf([pending, one], expected).values()]).toEqual(cause === undefined ? [] : [cause]);
  });
});
