import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const files = ['package.json', 'package-lock.json', 'docs/dependencies.md', ...['bench', 'test/drift-matrix'].flatMap((folder) => [`${folder}/package.json`, `${folder}/package-lock.json`])];

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'outrider-dependencies-'));
  for (const file of files) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await cp(file, join(root, file));
  }
});
afterEach(() => rm(root, { recursive: true }));

const change = async (file: string, of: (text: string) => string) => writeFile(join(root, file), of(await readFile(file, 'utf8')));
const changeJson = (file: string, of: (json: any) => void) => change(file, (text) => {
  const json = JSON.parse(text);
  of(json);
  return JSON.stringify(json);
});
const check = (): Promise<{ exitCode: number; output: string }> => new Promise((done) => {
  execFile(process.execPath, [resolve('check/dependencies.ts'), root], (error, stdout, stderr) => done({ exitCode: error ? Number(error.code) : 0, output: stdout + stderr }));
});

test('the page says of every package why it is there', async () => {
  expect(await check()).toMatchObject({ exitCode: 0, output: expect.stringContaining(' 0 problems') });
});

test.each<[string, () => Promise<void>, string]>([
  ['a package without a row', () => changeJson('package.json', (json) => (json.devDependencies['left-pad'] = '1.3.0')), 'left-pad (package.json) has no row'],
  ['a row without its package', () => changeJson('package.json', (json) => delete json.devDependencies.htmlparser2), 'htmlparser2 has a row'],
  ['a reason that is empty', () => change('docs/dependencies.md', (text) => text.replace(/^\| `htmlparser2` \|[^|]+\|/m, '| `htmlparser2` | |')), '`htmlparser2`: a cell'],
  ['two rows of one package', () => change('docs/dependencies.md', (text) => text.replace(/^(\| `htmlparser2` .*\n)/m, '$1$1')), 'htmlparser2 has two rows'],
  ['a package of the benchmarks without a row', () => changeJson('bench/package.json', (json) => (json.dependencies['left-pad'] = '1.3.0')), 'left-pad (the package files beside)'],
  ['an override without a row', () => changeJson('package.json', (json) => (json.overrides['left-pad'] = '1.3.0')), 'left-pad (overrides)'],
  ['a script that nobody approved', () => changeJson('package-lock.json', (json) => (json.packages['node_modules/a/node_modules/left-pad'] = { hasInstallScript: true })), 'left-pad runs a script'],
  ['an approval of a script that is gone', () => changeJson('package.json', (json) => (json.allowScripts['left-pad'] = true)), 'left-pad stands in allowScripts'],
])('%s fails', async (_, spoil, said) => {
  await spoil();
  expect(await check()).toMatchObject({ exitCode: 1, output: expect.stringContaining(said) });
});
