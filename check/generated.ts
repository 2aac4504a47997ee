/**
 * What is generated and committed: schema.graphql, the dashboard's types and the expected catalog.
 * Without arguments it makes them anew and compares, touching nothing; with --write it writes them.
 * Usage: node check/generated.ts [--write] [NAME…]
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { parseArgs } from 'node:util';

const build = resolve('node_modules/.cache/outrider/build');
const { values, positionals } = parseArgs({ options: { write: { type: 'boolean', default: false } }, allowPositionals: true });

/** Each answers whether what is committed is up to date, and with --write brings it there. */
const artefacts: Record<string, () => Promise<boolean>> = {
  schema: async () => upToDate('schema.graphql', emitSchema()),
  catalog: async () => upToDate('src/health/expectedCatalog.json', await readCatalog()),
  types: async () => {
    const codegen = ['--config', 'codegen.yml', ...(values.write ? [] : ['--check'])];
    const { status, stdout, stderr } = spawnSync('graphql-codegen', codegen, { encoding: 'utf8' });
    if (status !== 0) console.log(`${stdout}${stderr}`.trim());
    return status === 0;
  },
};

/** The emitter writes into the folder in which it runs. */
function emitSchema(): string {
  const folder = mkdtempSync(join(tmpdir(), 'outrider-schema-'));
  try {
    const { status, stderr } = spawnSync(process.execPath, [join(build, 'app/emitSchema.js')], { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`The schema could not be emitted:\n${stderr}`);
    return readFileSync(join(folder, 'schema.graphql'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** From an empty PostgreSQL that gets every migration. */
async function readCatalog(): Promise<string> {
  const { startEmbeddedPostgres } = await built<typeof import('../src/postgres/embedded.ts')>('postgres/embedded.js');
  const { buildExpectedCatalog, formatCatalog } = await built<typeof import('../src/health/buildCatalog.ts')>('health/buildCatalog.js');
  const dataDir = mkdtempSync(join(tmpdir(), 'outrider-catalog-'));
  const postgres = await startEmbeddedPostgres({ dataDir, fast: true });
  try {
    const url = new URL(postgres.url);
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client.query('create database catalog');
    await client.end();
    url.pathname = '/catalog';
    return formatCatalog(await buildExpectedCatalog(url.href));
  } finally {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Compiles the sources beside, because Node runs no decorators and dist may be somebody else's. */
function compile(): void {
  rmSync(build, { recursive: true, force: true });
  const { status, stdout } = spawnSync('tsc', ['-p', 'tsconfig.build.json', '--outDir', build], { encoding: 'utf8' });
  copyFileSync('package.json', resolve(build, '../package.json'));
  if (status !== 0) throw new Error(`The sources do not compile:\n${stdout}`);
}

function built<Module>(path: string): Promise<Module> {
  return import(pathToFileURL(join(build, path)).href) as Promise<Module>;
}

function upToDate(path: string, made: string): boolean {
  const same = readFileSync(path, 'utf8') === made;
  if (!same && values.write) writeFileSync(path, made);
  return same || values.write;
}

const names = positionals.length ? positionals : Object.keys(artefacts);
const stale: string[] = [];
compile();
for (const name of names) {
  const artefact = artefacts[name];
  if (!artefact) throw new Error(`Nothing generated is called ${name}: there are ${Object.keys(artefacts).join(', ')}.`);
  if (!(await artefact())) stale.push(name);
}
if (stale.length) console.log(`Not up to date: ${stale.join(', ')}. Run \`npm run generate\` and commit what changes.`);
process.exit(stale.length ? 1 : 0);
