import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { runOutrider } from '../support/program.ts';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'outrider-export-'));
  await queryOnce(database.url, `insert into prospects (id, canonical_key, display_name, tags) select gen_random_uuid(), n::text, 'Name ' || n, array['t' || n] from generate_series(1, 2) n`);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

const run = (...args: string[]) => runOutrider(['export', ...args], { DATABASE_URL: database.url });

test('the file has the format of its name, and those whom the filter selects', async () => {
  const path = join(folder, 'all.ndjson');
  expect(await run(path, '--filter', '{"tag": "t2"}')).toMatchObject({ code: 0, out: '', err: '' });

  expect(readFileSync(path, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line).display_name)).toEqual(['Name 2']);
});

test('- is standard output', async () => {
  const { code, out } = await run('-');

  expect(code).toBe(0);
  expect(out.split('\r\n')).toHaveLength(4);
});

test.each([
  ['a filter that is no JSON', ['x.csv', '--filter', '{'], /no JSON/],
  ['a filter that is none', ['x.csv', '--filter', '{"colour": 1}'], /no ProspectFilter/],
  ['a folder that there is not', ['/nowhere/at/all.csv'], /cannot be written/],
])('%s is bad usage, and leaves no file', async (_, args, reason) => {
  const { code, err } = await run(...args);

  expect(code).toBe(2);
  expect(err).toMatch(reason);
  expect(existsSync('x.csv')).toBe(false);
});
