import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { oncePerRun } from './oncePerRun.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const node = (...args: string[]) => run(process.execPath, args, { cwd: root, env: { ...process.env, NODE_ENV: 'production' } });
const vite = 'node_modules/vite/bin/vite.js';
const settings = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'vite.config.ts'];

/** The program as `npm run build:server` makes it, once in a run of tests, and only where its sources are newer; types are for `npm run check` to judge. */
export function buildProgram(): Promise<void> {
  return makeOnce('dist/index.js', ['src', ...settings], async () => {
    await node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--noCheck');
    await node(vite, 'build');
  });
}

/** The dashboard as `npm run build:web` makes it, in the same way. */
export function buildDashboard(): Promise<void> {
  return makeOnce('dist/web/index.html', ['web', 'schema.graphql', ...settings], () => node(vite, 'build', 'web'));
}

/** GraphiQL as `npm run build:web` makes it, in the same way. */
export function buildGraphiql(): Promise<void> {
  return makeOnce('dist/graphiql/index.html', ['web/graphiql', ...settings], () => node(vite, 'build', 'web/graphiql'));
}

function makeOnce(made: string, of: readonly string[], make: () => Promise<unknown>): Promise<void> {
  return oncePerRun(`make ${made}`, async () => {
    const madeAt = statSync(join(root, made), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Math.max(...of.map((path) => newest(join(root, path)))) >= madeAt) await make();
  });
}

/** When the newest file or folder below was changed, in ms; a folder is when something is added or removed. */
function newest(path: string): number {
  const { mtimeMs } = statSync(path);
  const below = statSync(path).isDirectory() ? readdirSync(path, { recursive: true, withFileTypes: true }) : [];
  return Math.max(mtimeMs, ...below.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}
