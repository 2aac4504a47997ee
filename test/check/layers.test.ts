import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'outrider-layers-'));
});

afterEach(() => rm(root, { recursive: true }));

async function plant(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

function checkLayers(folder: string): Promise<{ exitCode: number; output: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [resolve('check/layers.ts'), folder], (error, stdout, stderr) => {
      done({ exitCode: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}

test('reads every module of the project', async () => {
  const { output } = await checkLayers('.');
  const sources = (await readdir('src', { recursive: true })).filter((path) => path.endsWith('.ts'));
  const modulesRead = Number(/^(\d+) modules read/m.exec(output)?.[1]);
  expect(modulesRead).toBeGreaterThan(sources.length);
  expect(output).toContain(' 0 not read');
});

test('passes modules that keep to their layers', async () => {
  await plant({
    'src/domain/job.ts': 'export interface Job { id: string }',
    'src/services/startJob.ts': "import type { Job } from '../domain/job.ts';\nexport type Started = Job;",
  });
  expect(await checkLayers(root)).toEqual({ exitCode: 0, output: '2 modules read, 0 violations, 0 not read\n' });
});

const violations: [string, string, Record<string, string>][] = [
  [
    'a value imported from a layer above',
    'layer-domain: src/domain/job.ts -> src/services/startJob.ts',
    {
      'src/domain/job.ts': "import { startJob } from '../services/startJob.ts';\nexport const job = startJob;",
      'src/services/startJob.ts': 'export const startJob = 1;',
    },
  ],
  [
    'a type imported from a layer above',
    'layer-domain: src/domain/job.ts -> src/services/startJob.ts',
    {
      'src/domain/job.ts': "import type { Started } from '../services/startJob.ts';\nexport type Job = Started;",
      'src/services/startJob.ts': 'export interface Started { id: string }',
    },
  ],
  [
    'an import made at run time',
    'layer-entities: src/entities/Job.ts -> src/app/server.ts',
    {
      'src/entities/Job.ts': "export const server = () => import('../app/server.ts');",
      'src/app/server.ts': 'export const server = 1;',
    },
  ],
  [
    'a folder that is not in the table',
    'layer-unknown: src/utils/text.ts -> src/domain/job.ts',
    { 'src/utils/text.ts': "export * from '../domain/job.ts';", 'src/domain/job.ts': 'export const job = 1;' },
  ],
  [
    'a cycle, even of types alone',
    'no-cycles: src/domain/a.ts -> src/domain/b.ts',
    {
      'src/domain/a.ts': "import type { B } from './b.ts';\nexport type A = B | 1;",
      'src/domain/b.ts': "import type { A } from './a.ts';\nexport type B = A | 2;",
    },
  ],
  [
    'product code that imports a test',
    'nothing-imports-test: src/app/server.ts -> test/support/database.ts',
    {
      'src/app/server.ts': "export * from '../../test/support/database.ts';",
      'test/support/database.ts': 'export const database = 1;',
    },
  ],
  [
    'a component of the dashboard that imports the server',
    'web-imports-nothing-of-src: web/src/Page.tsx -> src/domain/job.ts',
    {
      'web/src/Page.tsx': "import { job } from '../../src/domain/job.ts';\nexport const Page = () => <p>{job}</p>;",
      'src/domain/job.ts': 'export const job = 1;',
    },
  ],
  ['an import that leads nowhere', 'no-unresolvable: src/domain/job.ts -> ./gone.ts', { 'src/domain/job.ts': "import './gone.ts';" }],
];

test.each(violations)('finds %s', async (_what, violation, files) => {
  await plant(files);
  const { exitCode, output } = await checkLayers(root);
  expect(output).toContain(violation);
  expect(exitCode).toBe(1);
});

test('CONTRIBUTING.md has the table of layers as it is checked', async () => {
  const { layers } = (await import(resolve('.dependency-cruiser.mjs'))) as { layers: Record<string, string[]> };
  const rows = [...(await readFile('CONTRIBUTING.md', 'utf8')).matchAll(/^\| (\w+) \| .* \|([\w, ]*)\|$/gm)];
  const told = Object.fromEntries(rows.map(([, layer, allowed]) => [layer, allowed!.split(',').map((name) => name.trim()).filter((name) => name !== '').sort()]));
  const { folder: _head, app: _all, ...others } = told;
  const { 'index.ts': _start, ...checked } = layers;
  expect(others).toEqual(Object.fromEntries(Object.entries(checked).map(([layer, allowed]) => [layer, [...allowed].sort()])));
});
