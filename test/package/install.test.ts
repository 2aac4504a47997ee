import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildDashboard, buildProgram } from '../support/build.ts';
import { createEmptyDatabase, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'outrider-package-'));
const project = join(folder, 'project with a space');
const token = 'token-of-the-package-test';
let database: TestDatabase;
let packed: { files: { path: string }[]; size: number };

/** Of somebody who has this Node.js, and no checkout. */
const environment = (): NodeJS.ProcessEnv => ({
  PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
  HOME: process.env['HOME'],
  DATABASE_URL: database.url,
  DATA_DIR: join(folder, 'data'),
  OUTRIDER_TOKEN: token,
  PORT: '0',
  LOG_LEVEL: 'warn',
});
const outrider = (...args: string[]) => run('npx', ['--offline', 'outrider', ...args], { cwd: project, env: environment() });

beforeAll(async () => {
  [database] = await Promise.all([createEmptyDatabase(), buildProgram(), buildDashboard()]);
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  const [tarball] = Object.values(JSON.parse(stdout)) as [typeof packed & { filename: string }];
  packed = tarball;
  await run('mkdir', [project]);
  writeFileSync(join(project, 'package.json'), '{}');
  // Offline: everything that it needs is in it, but for the embedded PostgreSQL, which is optional.
  await run('npm', ['install', '--offline', '--omit=optional', '--no-audit', '--no-fund', join(folder, tarball.filename)], { cwd: project });
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

test('it installs without any other package', () => {
  expect(readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['outrider']);
});

test('what needs a package has it in devDependencies, because it is bundled', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies?: object };
  expect(dependencies).toBeUndefined();
});

test('there is nothing in it but the program, its pages, the sample and what belongs to every package', () => {
  const others = packed.files.map(({ path }) => path).filter((path) => !/^dist\/(chunks\/[^/]+[.]js$|web\/|graphiql\/)/.test(path));
  expect(others.toSorted()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'data/sample-projects.csv', 'dist/index.js', 'dist/licenses.md', 'package.json']);
  expect(packed.files.map(({ path }) => path).filter((path) => /[.](map|ts|tsx)$/.test(path))).toEqual([]);
  expect(packed.size).toBeLessThan(4_000_000);
});

test('the licence of every package that the sources import is beside the bundle', () => {
  const modules = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const imported = new Set(modules.flatMap((path) => importedBy(readFileSync(join(root, 'src', path), 'utf8'))));
  const licences = readFileSync(join(project, 'node_modules/outrider/dist/licenses.md'), 'utf8');
  const missing = [...imported].filter((name) => !licences.includes(`\n## ${name} - `));
  expect(imported.size).toBeGreaterThan(25);
  expect(missing).toEqual([]);
  expect(readFileSync(join(project, 'node_modules/outrider/dist/web/licenses.md'), 'utf8')).toContain('\n## react - ');
});

test('npx outrider --help names the commands', async () => {
  const { stdout } = await outrider('--help');
  for (const command of ['migrate', 'serve', 'worker', 'import', 'schema', 'token']) expect(stdout).toContain(`\n  ${command}`);
});

test('it migrates an empty database, serves the API and the dashboard, and ends with 0 after SIGTERM', async () => {
  expect((await outrider('migrate')).stdout).toMatch(/^Applied (\d+) of \1 migrations/);
  // npx would keep the signal to itself.
  const serving = spawn(join(project, 'node_modules/.bin/outrider'), ['serve'], { cwd: folder, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(serving, 'exit');
  let said = '';
  let warned = '';
  serving.stdout.on('data', (chunk) => (said += String(chunk)));
  serving.stderr.on('data', (chunk) => (warned += String(chunk)));
  const url = (await waitFor(() => /http:\/\/127\.0\.0\.1:\d+/.exec(said), { timeoutMs: 60_000 }))[0];

  const ready = await fetch(`${url}/health/ready`);
  expect([ready.status, await ready.json()]).toEqual([200, expect.objectContaining({ ready: true, status: 'READY' })]);
  const page = await (await fetch(`${url}/prospects`, { headers: { accept: 'text/html' } })).text();
  const script = /src="(\/assets\/[^"]+)"/.exec(page)?.[1];
  expect((await fetch(`${url}${script}`)).headers.get('content-type')).toContain('javascript');
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ prospects { totalCount } schemaHealth { status } }' }),
  });
  expect(await answer.json()).toEqual({ data: { prospects: { totalCount: 0 }, schemaHealth: { status: 'READY' } } });

  serving.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(warned).not.toContain('Deprecat');
});

/** The packages that end up in the program: types do not. */
function importedBy(source: string): string[] {
  const values = source.matchAll(/^import (?!type )(?:[^;]*? from )?'([^'.][^']*)'/gm);
  const lazily = source.matchAll(/ import\('([^'.][^']*)'\)/g);
  return [...values, ...lazily].map((match) => match[1]!).filter((name) => !name.startsWith('node:')).map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)![0]);
}
