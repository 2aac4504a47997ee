import { expectedCatalog } from '../../src/health/expectedCatalog.ts';
import type { SchemaDrift, SchemaHealthReport } from '../../src/health/health.ts';
import { otherTools } from '../../src/migrate/otherTools.ts';
import { createEmptyDatabase, createTestDatabase, queryOnce } from '../support/database.ts';
import { checkOnce, holding, reportAfter } from './support.ts';

const names = expectedCatalog.migrations.map(({ name }) => name);
const [first = ''] = names;
const last = names.at(-1) ?? '';
const tables = Object.keys(expectedCatalog.relations).filter((name) => !name.includes('.') && name !== 'schema_migrations');
const repair = 'run "outrider schema history --repair"';

const causes = ({ drift }: SchemaHealthReport): string[] => drift.filter(({ causedBy }) => causedBy === null).map(({ id }) => id);
const kinds = (drift: readonly SchemaDrift[]): string[] => [...new Set(drift.map(({ kind }) => kind))];

describe('the history of another tool', () => {
  test.each(Object.entries(otherTools))('%s beside our whole history is named, and is one difference that does no harm', async (table, { columns }) => {
    const report = await reportAfter(`create table "${table}" (${columns.map((column) => `"${column}" text`).join(', ')})`);

    expect(report.drift.map(({ id, severity, effect }) => [id, severity, effect])).toEqual([[`HISTORY_FOREIGN:${table}`, 'INFO', 'NONE']]);
    expect(report.status).toBe('DRIFTED');
  });

  test('is not what merely bears the name', async () => {
    expect(causes(await reportAfter('create table migrations (bird text, year integer)'))).toEqual(['EXTRA_TABLE:migrations']);
  });

  test('is the cause when ours is missing, and when ours is empty', async () => {
    for (const statement of ['drop table schema_migrations', 'delete from schema_migrations']) {
      const report = await reportAfter('create table alembic_version (version_num text)', statement);
      expect(causes(report)).toEqual(['HISTORY_FOREIGN:alembic_version']);
      expect(report.summary).toContain('run "outrider schema history --adopt"');
    }
  });

  test('does not stop a database that has nothing else of ours', async () => {
    const database = await createEmptyDatabase();
    await queryOnce(database.url, 'create table alembic_version (version_num text)');
    const report = await checkOnce(database.url);
    await database.drop();

    expect(causes(report)).toEqual([...names.map((name) => `MIGRATION_PENDING:${name}`), 'HISTORY_FOREIGN:alembic_version']);
    expect(report.summary).toContain('run "outrider migrate"');
  });
});

describe('a second history', () => {
  test('in another schema is HISTORY_DUPLICATED and no EXTRA_TABLE', async () => {
    const report = await reportAfter('create schema old', 'create table old.schema_migrations (like schema_migrations)');
    expect(causes(report)).toEqual(['HISTORY_DUPLICATED:old.schema_migrations']);
    expect(report.summary).toContain(repair);
  });

  test('of another installation, with its tables, is none of our business', async () => {
    const copies = tables.map((table) => `create table staging."${table}" (like public."${table}")`);
    expect((await reportAfter('create schema staging', 'create table staging.schema_migrations as table schema_migrations', ...copies)).drift).toEqual([]);
  });

  test('of another form is none of our business', async () => {
    expect((await reportAfter('create schema rails', 'create table rails.schema_migrations (version varchar primary key)')).drift).toEqual([]);
  });

  test('that a repair has set aside is none of our business', async () => {
    expect((await reportAfter('create schema outrider_kept', 'create table outrider_kept.schema_migrations as table schema_migrations')).drift).toEqual([]);
  });
});

describe('a migration that is recorded', () => {
  test('whose schema is gone is found undone for that', async () => {
    const report = await reportAfter('drop schema pgboss cascade');

    expect(causes(report)).toEqual(['MISSING_TABLE:pgboss']);
    expect(report.drift.find(({ kind }) => kind === 'MIGRATION_EFFECT_ABSENT')).toMatchObject({ object: '0002_queue', causedBy: 'MISSING_TABLE:pgboss' });
    expect(report.summary).toContain('run "outrider schema repair"');
  });

  test('whose tables are all gone is the cause of their loss, though its types and functions are there', async () => {
    const report = await reportAfter(...tables.map((table) => `drop table "${table}" cascade`));
    expect(causes(report)).toContain(`MIGRATION_EFFECT_ABSENT:${first}`);
    expect(report.drift.find(({ id }) => id === 'MISSING_TABLE:jobs')?.causedBy).toBe(`MIGRATION_EFFECT_ABSENT:${first}`);
  });

  test('is not undone by one lost table', async () => {
    expect(kinds((await reportAfter('drop table suppressions')).drift)).toEqual(['MISSING_TABLE']);
  });

  test('is not undone by tables that were moved', async () => {
    const report = await reportAfter('create schema archive', ...tables.map((table) => `alter table "${table}" set schema archive`));
    expect(kinds(report.drift)).not.toContain('MIGRATION_EFFECT_ABSENT');
  });
});

describe('a migration that is not recorded', () => {
  test('and is there in part says how much, and is not called simply pending', async () => {
    const report = await reportAfter(`delete from schema_migrations where name = '${last}'`, 'drop table schema_changes cascade');
    const present = report.drift.find(({ kind }) => kind === 'MIGRATION_EFFECT_PRESENT');

    expect(present).toMatchObject({ object: last, causedBy: null, actual: expect.stringMatching(/^\d+ of \d+ objects$/) });
    expect(report.drift.find(({ kind }) => kind === 'MIGRATION_PENDING')?.causedBy).toBe(present?.id);
    expect(report.summary).not.toContain('"outrider migrate"');
  });

  test('is present where somebody made a table of its name in an empty database', async () => {
    const database = await createEmptyDatabase();
    await queryOnce(database.url, 'create table settings (id integer)');
    const report = await checkOnce(database.url);
    await database.drop();

    expect(causes(report)).toContain(`MIGRATION_EFFECT_PRESENT:${first}`);
  });

  test('is pending in an empty schema beside another installation', async () => {
    const database = await createTestDatabase();
    await queryOnce(database.url, 'alter schema public rename to staging');
    await queryOnce(database.url, 'drop schema pgboss cascade');
    await queryOnce(database.url, 'create schema public');
    const report = await checkOnce(database.url);
    await database.drop();

    expect(report.drift.filter(({ kind }) => kind.startsWith('MIGRATION_')).map(({ id }) => id)).toEqual(names.map((name) => `MIGRATION_PENDING:${name}`));
  });

  test('goes on when it stopped half way and is not whole', async () => {
    // What the last migration made.
    const report = await reportAfter(`update schema_migrations set finished = false, statements_applied = 0 where name = '${last}'`, 'alter table api_keys drop column last_used_at');
    expect(report.summary).toContain('run "outrider migrate"');
  });
});

test('four heads are one fork', async () => {
  const stranger = (name: string) =>
    `insert into schema_migrations select (jsonb_populate_record(m, '{"name": "${name}", "checksum": "0"}')).* from schema_migrations m where name = '${first}'`;
  const report = await reportAfter(stranger('0002_billing'), stranger('0002_search'), stranger('0003_tags'));

  expect(report.drift.filter(({ causedBy }) => causedBy === null)).toMatchObject([{ kind: 'MIGRATION_FORKED', actual: '0002_billing, 0002_search, 0003_tags' }]);
  expect(report.migrations).toMatchObject({ upToDate: false, expectedHead: last });
});

describe('a history that cannot be read', () => {
  const role = `reader_${Date.now()}`;

  async function asRole(...statements: string[]): Promise<SchemaHealthReport> {
    const database = await createTestDatabase();
    try {
      await queryOnce(database.url, `create role ${role} login password 'secret'`);
      await queryOnce(database.url, `grant usage on schema pgboss to ${role}; grant select, insert, update, delete on all tables in schema public, pgboss to ${role}`);
      for (const statement of statements) await queryOnce(database.url, statement);
      const url = new URL(database.url);
      url.username = role;
      url.password = 'secret';
      return await checkOnce(url.href);
    } finally {
      await queryOnce(database.url, `drop owned by ${role}; drop role ${role}`);
      await database.drop();
    }
  }

  test('for want of a right says so, and neither empty nor pending', async () => {
    const report = await asRole(`revoke select on schema_migrations from ${role}`);

    expect(report.drift.filter(({ table }) => table === 'schema_migrations').map(({ kind, effect, causedBy }) => [kind, effect, causedBy])).toEqual([
      ['HISTORY_UNREADABLE', 'LATENT', null],
      ['PRIVILEGE', 'LATENT', 'HISTORY_UNREADABLE:schema_migrations'],
    ]);
    expect(report.migrations).toBeNull();
    expect(report.status).toBe('DRIFTED');
  });

  test('because row security hides its rows says so, and neither empty nor pending', async () => {
    const report = await asRole('alter table schema_migrations enable row level security');

    expect(causes(report)).toContain('HISTORY_UNREADABLE:schema_migrations');
    expect(kinds(report.drift)).not.toEqual(expect.arrayContaining(['HISTORY_EMPTY']));
    expect(report.migrations).toBeNull();
  });

  test('because it is locked is unverified, and neither empty nor pending', async () => {
    const database = await createTestDatabase();
    const holder = await holding(database.url, 'lock table schema_migrations in access exclusive mode');
    const report = await checkOnce(database.url);
    await holder.release();
    await database.drop();

    expect(report.drift).toEqual([]);
    expect(report.status).toBe('UNVERIFIED');
    expect(report.unverified).toEqual([expect.objectContaining({ object: 'schema_migrations' })]);
  });
});

describe('a malformed history', () => {
  const key = 'alter table schema_migrations drop constraint schema_migrations_pkey';
  const nullable = (column: string) => `alter table schema_migrations alter column ${column} drop not null`;
  const cases: [what: string, statements: string[], problem: string][] = [
    ['with a row without a checksum', [nullable('checksum'), `update schema_migrations set checksum = null where name = '${first}'`], '1 row without a checksum'],
    ['with an empty name', [key, `update schema_migrations set name = '' where name = '${first}'`], '1 row without a name'],
    ['with a negative duration', ['update schema_migrations set duration_ms = -1'], 'with impossible counters'],
    ['with more statements applied than there are', ['update schema_migrations set statements_applied = 9999'], 'with impossible counters'],
    ['with a date that is none', [`update schema_migrations set applied_at = 'infinity'`], 'with an impossible date'],
    ['without a column', ['alter table schema_migrations drop column finished'], 'no column finished'],
    ['with another type', ['alter table schema_migrations alter column duration_ms type text'], 'duration_ms is text instead of integer'],
    ['that is a view', ['alter table schema_migrations rename to old_history', 'create view schema_migrations as select name from old_history'], 'no column checksum'],
  ];
  test.each(cases)('%s is one cause that names what is wrong', async (_, statements, problem) => {
    const report = await reportAfter(...statements);
    const [corrupt] = report.drift.filter(({ kind }) => kind === 'HISTORY_CORRUPT');

    expect(corrupt).toMatchObject({ causedBy: null, effect: 'LATENT', actual: expect.stringContaining(problem) });
    expect(report.summary).toContain(repair);
    expect(kinds(report.drift)).not.toContain('MIGRATION_PENDING');
  });

  test('explains what its table lacks', async () => {
    const report = await reportAfter('alter table schema_migrations drop column checksum');
    expect(report.drift.map(({ id, causedBy }) => [id, causedBy])).toEqual([
      ['HISTORY_CORRUPT:schema_migrations', null],
      ['MISSING_COLUMN:schema_migrations.checksum', 'HISTORY_CORRUPT:schema_migrations'],
    ]);
  });

  test('is not one that has a column more', async () => {
    expect(causes(await reportAfter('alter table schema_migrations add column note text'))).toEqual(['EXTRA_COLUMN:schema_migrations.note']);
  });
});
