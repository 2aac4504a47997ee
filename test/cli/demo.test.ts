import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { waitFor } from '../support/waitFor.ts';

const register = fileURLToPath(new URL('../support/typescript.mjs', import.meta.url));
const program = fileURLToPath(new URL('../../src/index.ts', import.meta.url));

const dataDir = mkdtempSync(join(tmpdir(), 'outrider-test-demo-'));
// PostgreSQL runs as another user where this is root, and that user has to come through.
chmodSync(dataDir, 0o711);
const running = new Set<ChildProcess>();

afterEach(async () => {
  for (const child of running) {
    child.kill('SIGINT');
    await once(child, 'exit');
  }
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

interface Demo {
  child: ChildProcess;
  output(): string;
}

function startDemo(env: NodeJS.ProcessEnv = {}): Demo {
  const child = spawn(process.execPath, ['--import', register, program, 'demo'], {
    env: { ...process.env, DATABASE_URL: '', DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return { child, output: () => output };
}

const isReady = (demo: Demo) => () => {
  if (demo.child.exitCode !== null) throw new Error(`the demo ended: ${demo.output()}`);
  return demo.output().includes('Ctrl+C stops it.');
};

async function stop({ child }: Demo): Promise<number | null> {
  child.kill('SIGINT');
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

test('imports, reviews and drafts, serves, stops with all it started, and goes on from there the next time', async () => {
  const first = startDemo();
  await waitFor(isReady(first), { timeoutMs: 50_000 });
  expect(first.output()).toMatch(/Imported (\d+) real projects: \1 created\./);
  const count = Number(/Imported (\d+)/.exec(first.output())?.[1]);
  expect(count).toBeGreaterThanOrEqual(500);
  expect(first.output()).toContain(`Reviewed ${count} prospects: approved.`);
  expect(first.output()).toContain(`Wrote ${count} drafts; the job is succeeded.`);

  const [, url, token] = /Open (http:\/\/127\.0\.0\.1:\d+\/)\?token=(\S+)/.exec(first.output()) ?? [];
  const response = await fetch(`${url}graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ schemaHealth { status } drafts { totalCount } workers { name } }' }),
  });
  expect(await response.json()).toEqual({
    data: { schemaHealth: { status: 'READY' }, drafts: { totalCount: count }, workers: [{ name: expect.any(String) }] },
  });

  expect(await stop(first)).toBe(0);
  expect(existsSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'))).toBe(false);

  const second = startDemo();
  await waitFor(isReady(second), { timeoutMs: 50_000 });
  expect(second.output()).toContain(`${count} unchanged`);
  expect(second.output()).toContain('Everybody has a draft already.');
  expect(await stop(second)).toBe(0);
}, 120_000);

test('a setting that cannot work is one sentence that names it, before anything is started', async () => {
  const demo = startDemo({ PORT: 'http' });
  await once(demo.child, 'exit');
  expect(demo.child.exitCode).toBe(1);
  expect(demo.output().trim().split('\n')).toEqual([expect.stringContaining('Set PORT to another value')]);
});
