import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schemaChanges } from '../../src/cli/schemaChanges.ts';
import { migrate } from '../../src/migrate/migrate.ts';
import { loadMigrations, type MigrationClass } from '../../src/migrate/migrations.ts';
import { writeMigration } from '../../src/migrate/writeMigration.ts';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let project: string;
let folder: string;
beforeEach(async () => {
  database = await createTestDatabase();
  project = mkdtempSync(join(tmpdir(), 'outrider-migrations-'));
  // So that the migrations there find their packages.
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(project, 'node_modules'));
  folder = join(project, 'migrations');
  cpSync(join(import.meta.dirname, '../../src/migrations'), folder, { recursive: true });
});
afterEach(async () => {
  rmSync(project, { recursive: true });
  await database.drop();
});

test('after all migrations the entities ask for nothing more', async () => {
  expect(await schemaChanges(database.url)).toEqual([]);
});

test('a change of the entities becomes the next migration, after which they ask for nothing more', async () => {
  await queryOnce(database.url, 'alter table jobs drop column drafts_created cascade');
  await queryOnce(database.url, 'drop table suppressions');
  const statements = await schemaChanges(database.url);
  expect(statements).toEqual(expect.arrayContaining([expect.stringContaining('create table "suppressions"'), expect.stringContaining('add "drafts_created"')]));

  const before = await loadMigrations();
  const name = writeMigration(folder, 'bring_back', statements);
  expect(name).toBe(`${String(before.length + 1).padStart(4, '0')}_bring_back`);
  const { migrations } = (await import(join(folder, 'index.ts'))) as { migrations: MigrationClass[] };
  const { applied } = await migrate({ url: database.url, migrations: await loadMigrations(migrations) });
  expect(applied).toMatchObject([{ name, statements: statements.length }]);
  expect(await schemaChanges(database.url)).toEqual([]);
});

test('the index that is written anew names the same migrations in the same order', async () => {
  const before = readFileSync(join(folder, 'index.ts'), 'utf8');
  const name = writeMigration(folder, 'one_more', ['select 1']);
  const after = readFileSync(join(folder, 'index.ts'), 'utf8');
  const className = `Migration${name.slice(0, 4)}OneMore`;
  expect(after.replace(`import { ${className} } from './${name}.ts';\n`, '').replace(`, ${className}]`, ']')).toBe(before);
});

test('SQL with back-quotes, backslashes and placeholders comes back as it was', async () => {
  const sql = 'select \'`\', \'\\d\', \'${x}\', e\'\\n\'';
  const name = writeMigration(folder, 'odd_text', [sql]);
  const written = (await import(join(folder, `${name}.ts`))) as Record<string, MigrationClass>;
  expect((await loadMigrations(Object.values(written)))[0]?.statements).toEqual([sql]);
});
