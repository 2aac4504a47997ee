import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { MigrateResult } from '../../src/migrate/migrate.ts';
import { loadMigrations } from '../../src/migrate/migrations.ts';
import { createEmptyDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';

const program = fileURLToPath(new URL('./migrateProcess.ts', import.meta.url));

let database: TestDatabase;
beforeEach(async () => {
  database = await createEmptyDatabase();
});
afterEach(() => database.drop());

test('five processes at once on an empty database leave exactly one application of each migration', async () => {
  const names = (await loadMigrations()).map(({ name }) => name);
  const results = await Promise.all(Array.from({ length: 5 }, () => finished(start())));
  expect(results.flatMap(({ applied }) => applied.map(({ name }) => name)).toSorted()).toEqual(names);
  for (const { applied, alreadyApplied } of results) expect(applied.length + alreadyApplied.length).toBe(names.length);
  const rows = await queryOnce<{ name: string; finished: boolean }>(database.url, 'select name, finished from schema_migrations order by name');
  expect(rows).toEqual(names.map((name) => ({ name, finished: true })));
});

test('a transaction that was killed in the middle leaves nothing, and the next run completes', async () => {
  await killInThePause('transactional');
  expect(await present('before_the_pause')).toBe(false);

  const { applied } = await finished(start('transactional'));
  expect(applied).toMatchObject([{ name: '0001_paced', statements: 3 }]);
  expect(await present('after_the_pause')).toBe(true);
});

test('steps that were killed in the middle go on after the last one that was recorded', async () => {
  await killInThePause('stepwise');
  expect(await progress()).toEqual([{ statements_applied: 1, finished: false }]);

  const { applied } = await finished(start('stepwise'));
  expect(applied).toMatchObject([{ name: '0001_paced', statements: 2 }]);
  expect(await present('after_the_pause')).toBe(true);
  expect(await progress()).toEqual([{ statements_applied: 3, finished: true }]);
});

test('a step that was applied but not recorded yet is harmless when it runs again', async () => {
  await killInThePause('stepwise');
  await queryOnce(database.url, 'create table after_the_pause (id integer)');
  await finished(start('stepwise'));
  expect(await progress()).toEqual([{ statements_applied: 3, finished: true }]);
});

/** Starts a migration, kills its process while PostgreSQL executes the second statement, and shortens the pause. */
async function killInThePause(mode: string): Promise<void> {
  await queryOnce(database.url, 'create table pace as select 600 as seconds');
  const child = start(mode);
  const pausing = `select pid from pg_stat_activity where datname = current_database() and query like 'select pg_sleep%' and state = 'active'`;
  await waitFor(async () => (await queryOnce(database.url, pausing)).length === 1);
  child.kill('SIGKILL');
  await queryOnce(database.url, 'update pace set seconds = 0');
  await waitFor(async () => (await queryOnce(database.url, pausing)).length === 0);
}

function start(mode?: string): ChildProcess {
  return spawn(process.execPath, ['--no-warnings', program, database.url, ...(mode ? [mode] : [])], { stdio: ['ignore', 'pipe', 'pipe'] });
}

function finished(child: ChildProcess): Promise<MigrateResult> {
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk));
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk));
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(output) as MigrateResult) : reject(new Error(errors))));
  });
}

async function present(table: string): Promise<boolean> {
  return (await queryOnce(database.url, 'select from pg_class where relname = $1', [table])).length === 1;
}

function progress(): Promise<unknown[]> {
  return queryOnce(database.url, 'select statements_applied, finished from schema_migrations');
}
