import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { runOutrider } from '../support/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'outrider-ending-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['bad usage', ['nonsense'], 2],
  ['help', ['--help'], 0],
])('after %s the process ends with its exit code, whatever was left open', async (_what, args, code) => {
  const leak = join(folder, 'leak.mjs');
  writeFileSync(leak, 'setInterval(() => {}, 1_000);');
  const ended = await runOutrider(args, { NODE_OPTIONS: `--import=${leak}` });
  expect(ended.code).toBe(code);
});
