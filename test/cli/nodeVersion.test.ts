import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const register = fileURLToPath(new URL('../support/typescript.mjs', import.meta.url));
const program = new URL('../../src/index.ts', import.meta.url).href;

/** Runs the program in a process that takes itself for this version of Node.js. */
function runOn(version: string) {
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } }); process.argv.push('--version'); await import('${program}');`;
  return spawnSync(process.execPath, ['--import', register, '--input-type=module', '--eval', pretend, '--', 'outrider'], { encoding: 'utf8' });
}

test.each(['18.20.0', '20.20.2', '22.16.0'])('on Node.js %s the program says in one sentence what it needs', (version) => {
  const { status, stdout, stderr } = runOn(version);
  expect(stdout).toBe('');
  expect(stderr).toBe(
    `Outrider needs Node.js 22.17 or newer, and this is ${version}: install a newer one, or use the npm scripts, which bring their own.\n`,
  );
  expect(status).toBe(1);
});

test.each(['22.17.0', '24.0.0'])('on Node.js %s it runs', (version) => {
  const { status, stdout } = runOn(version);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(status).toBe(0);
});
