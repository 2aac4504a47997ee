import { jest } from '@jest/globals';
import { migrateCommand } from '../../src/cli/migrate.ts';
import { loadMigrations } from '../../src/migrate/migrations.ts';
import { createEmptyDatabase, queryOnce, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createEmptyDatabase();
});
afterEach(() => database.drop());

test('says what it applied, and then that nothing is left', async () => {
  const names = (await loadMigrations()).map(({ name }) => name);
  expect(await outrider([], { DATABASE_URL: database.url })).toBe(`Applied ${names.length} of ${names.length} migrations: ${names.join(', ')}.\n`);
  expect(await outrider([], { DATABASE_URL: database.url })).toBe(`Nothing to apply: all ${names.length} migrations are in place.\n`);
});

test('--dry-run prints SQL that does the same when it is run by hand, and changes nothing', async () => {
  const sql = await outrider(['--dry-run'], { DATABASE_URL: database.url });
  expect(await queryOnce(database.url, `select to_regclass('schema_migrations') as history`)).toEqual([{ history: null }]);
  await queryOnce(database.url, sql);
  expect(await queryOnce(database.url, `select to_regclass('jobs') is not null as made`)).toEqual([{ made: true }]);
});

test('works as the role of DATABASE_OWNER_URL where it is set', async () => {
  const role = `server_${Date.now()}`;
  await queryOnce(database.url, `create role ${role} login password 'secret'`);
  try {
    const url = new URL(database.url);
    url.username = role;
    url.password = 'secret';
    await expect(outrider([], { DATABASE_URL: url.href })).rejects.toThrow(
      /^This role may not make the history of migrations \(permission denied for schema public\): set DATABASE_OWNER_URL/,
    );
    expect(await outrider([], { DATABASE_URL: url.href, DATABASE_OWNER_URL: database.url })).toMatch(/^Applied /);
  } finally {
    await queryOnce(database.url, `drop role ${role}`);
  }
});

/** Runs the command in this environment, and returns what it prints. */
async function outrider(args: string[], variables: Record<string, string>): Promise<string> {
  let output = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((output += String(text))));
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  jest.replaceProperty(process, 'env', { ...variables });
  try {
    await migrateCommand().parseAsync(args, { from: 'user' });
  } finally {
    jest.restoreAllMocks();
  }
  return output;
}
