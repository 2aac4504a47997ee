import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { startOutrider, type Program } from '../support/program.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'outrider-test-demo-'));
// PostgreSQL runs as another user where this is root, and that user has to come through.
chmodSync(dataDir, 0o711);
const running: Program[] = [];

afterEach(() => Promise.all(running.splice(0).map(stop)));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

function startDemo(environment: Record<string, string> = {}): Program {
  const demo = startOutrider(['demo'], { DATA_DIR: dataDir, ...environment });
  running.push(demo);
  return demo;
}

/** Everything that it said until it was ready. */
const isReady = (demo: Program) => demo.says(/[^]*Ctrl\+C stops it\./);

async function stop({ process: child, ended }: Program): Promise<number | null> {
  child.kill('SIGINT');
  return (await ended).code;
}

test('imports, reviews and drafts, serves, stops with all it started, and goes on from there the next time', async () => {
  const first = startDemo();
  const said = await isReady(first);
  expect(said).toMatch(/Imported (\d+) real projects: \1 created\./);
  const count = Number(/Imported (\d+)/.exec(said)?.[1]);
  expect(count).toBeGreaterThanOrEqual(500);
  expect(said).toContain(`Reviewed ${count} prospects: approved.`);
  expect(said).toContain(`Wrote ${count} drafts; the job is succeeded.`);

  const [, url, token] = /Open (http:\/\/127\.0\.0\.1:\d+\/)\?token=(\S+)/.exec(said) ?? [];
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
  const saidAgain = await isReady(second);
  expect(saidAgain).toContain(`${count} unchanged`);
  expect(saidAgain).toContain('Everybody has a draft already.');
  expect(await stop(second)).toBe(0);
}, 120_000);

test('a setting that cannot work is one sentence that names it, before anything is started', async () => {
  const { code, out, err } = await startDemo({ PORT: 'http' }).ended;
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err.trim().split('\n')).toEqual([expect.stringContaining('Set PORT to another value')]);
});
