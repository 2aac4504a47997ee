import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { buildProgram } from '../support/build.ts';
import { waitFor } from '../support/waitFor.ts';
import { ImportBench } from './support.ts';

await buildProgram();
const program = join(import.meta.dirname, '../../dist/index.js');
const peakMemory = pathToFileURL(join(import.meta.dirname, 'peakMemory.mjs')).href;
/** The key at which the database holds an import for as long as a test likes. */
const gate = 'p3500.example';
const rowCount = 6000;

let bench: ImportBench;
let folder: string;
let path: string;
beforeAll(async () => {
  bench = await ImportBench.open();
  folder = await mkdtemp(join(tmpdir(), 'outrider-import-'));
  path = join(folder, 'projects.csv');
  // Every tenth row repeats an earlier one, in an earlier batch where it can.
  const rows = Array.from({ length: rowCount }, (_, index) => {
    const number = index % 10 === 9 ? Math.floor(index / 2) : index;
    return `p${number},https://p${number}.example,"tag${index % 7},row${index % 10 === 9 ? 'repeated' : 'first'}"`;
  });
  await writeFile(path, `name,url,tags\n${rows.join('\n')}\n`);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await bench.close();
});
beforeEach(() => bench.query('truncate prospects, jobs cascade'));

describe('an import that is killed in the middle', () => {
  test('goes on with the same command after its last commit, and comes to the same end', async () => {
    await finished(start(path));
    const expected = { state: await bench.snapshot(), outcomes: await outcomes() };
    await bench.query('truncate prospects, jobs cascade');

    const closed = await closeGate();
    const child = start(path);
    await waitFor(() => waitsAtGate());
    child.kill('SIGKILL');
    await closed.open();
    const [killed] = await bench.query<{ id: string; rows: number }>(
      `select job_id as id, sum(target_count)::int as rows from job_chunks where state = 'done' group by job_id`,
    );
    expect(killed?.rows).toBe(2000);

    expect(await finished(start(path))).toMatchObject({ exit: 0 });
    expect({ state: await bench.snapshot(), outcomes: await outcomes() }).toEqual(expected);
    expect(await bench.query('select id, status, processed, total_targets from jobs')).toEqual([
      { id: killed?.id, status: 'succeeded', processed: rowCount, total_targets: rowCount },
    ]);
  });

  test('by SIGTERM too, and then without waiting for its lease', async () => {
    const closed = await closeGate();
    const child = start(path);
    await waitFor(() => waitsAtGate());
    child.kill('SIGTERM');
    await closed.open();
    expect(await finished(child)).toMatchObject({ exit: 130, stderr: expect.stringContaining('the same command goes on') });
    expect(await bench.query(`select lease_until < now() as free from job_chunks where state = 'running'`)).toEqual([{ free: true }]);
    expect(await finished(start(path))).toMatchObject({ exit: 0 });
    expect(await bench.query('select count(*)::int from jobs')).toEqual([{ count: 1 }]);
  });
});

test('two processes at once do not both import one file', async () => {
  const closed = await closeGate();
  const first = start(path);
  await waitFor(() => waitsAtGate());
  expect(await finished(start(path))).toMatchObject({ exit: 1, stderr: expect.stringContaining('Another process is importing this file') });
  await closed.open();
  expect(await finished(first)).toMatchObject({ exit: 0 });
  expect(await bench.query('select processed from jobs')).toEqual([{ processed: rowCount }]);
});

test('stays below 300 MB with a file of 300,000 rows', async () => {
  const large = join(folder, 'large.csv.gz');
  const rows = Array.from({ length: 300_000 }, (_, index) => `Name ${index},https://p${index}.example/path,${'bio '.repeat(20)}`);
  await writeFile(large, gzipSync(`name,url,bio\n${rows.join('\n')}\n`));
  const { exit, stderr } = await finished(start(large, '--dry-run'));
  expect(exit).toBe(0);
  expect(Number(/peak memory (\d+) MB/.exec(stderr)?.[1])).toBeLessThan(300);
});

test('a packed file that is damaged fails the job with the reason', async () => {
  const damaged = join(folder, 'damaged.csv.gz');
  const packed = gzipSync(`name,url\n${Array.from({ length: 50_000 }, (_, index) => `P,https://${Math.random()}${index}.example`).join('\n')}\n`);
  await writeFile(damaged, packed.subarray(0, packed.length / 2));
  expect(await finished(start(damaged))).toMatchObject({ exit: 1, stderr: expect.stringContaining('unexpected end of file') });
  expect(await bench.query('select status, error from jobs')).toEqual([{ status: 'failed', error: 'The import broke off: unexpected end of file' }]);
});

describe('the answer', () => {
  test('exit 1 and a line for each row that failed', async () => {
    const bad = await file('bad.csv', 'name,url\nA,https://a.example\nB,ftp://b.example\n');
    const { exit, stdout, stderr } = await finished(start(bad));
    expect(exit).toBe(1);
    expect(stdout).toBe('2 rows: 1 failed, 1 created.\n');
    expect(stderr).toContain(`${bad}:3: url starts with ftp:, and only http and https links are taken. ("ftp://b.example")\n`);
  });

  test('as JSON', async () => {
    const bad = await file('bad.csv', 'name,url\nA,https://a.example\nB,ftp://b.example\n');
    const { stdout } = await finished(start(bad, '--json'));
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'COMPLETED_WITH_ERRORS',
      totalTargets: 2,
      outcomes: { CREATED: 1, FAILED: 1 },
      failures: [{ line: 3, column: 'url', value: 'ftp://b.example', code: 'INVALID_URL' }],
    });
  });

  test.each([
    ['a file that is not there', ['nowhere.csv'], 'cannot be read'],
    ['a format that is not known', ['x.csv', '--format', 'xlsx'], 'Allowed choices are csv, ndjson'],
    ['no file', [], 'missing required argument'],
  ])('exit 2 on %s', async (_, args, message) => {
    expect(await finished(start(...args))).toMatchObject({ exit: 2, stderr: expect.stringContaining(message) });
  });

  test('exit 2 when columns are missing, and a mapping that gives them is taken', async () => {
    const odd = await file('odd.csv', 'who,where\nA,https://a.example\n');
    expect(await finished(start(odd))).toMatchObject({ exit: 2, stderr: expect.stringContaining('no column display_name') });
    const mapping = await file('mapping.json', '{"who": "displayName", "where": "profileUrl"}');
    expect(await finished(start(odd, '--mapping', mapping))).toMatchObject({ exit: 0 });
  });
});

function start(...args: string[]): ChildProcess {
  const env = { ...process.env, DATABASE_URL: bench.database.url };
  return spawn(process.execPath, ['--no-warnings', '--import', peakMemory, program, 'import', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function finished(child: ChildProcess): Promise<{ exit: number | null; stdout: string; stderr: string }> {
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const exit = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exit, ...output };
}

async function file(name: string, content: string): Promise<string> {
  const made = join(folder, name);
  await writeFile(made, content);
  return made;
}

async function outcomes(): Promise<unknown> {
  return bench.query('select outcome_counts from jobs');
}

/** From now on whoever inserts `gate` waits, until it is opened. */
async function closeGate(): Promise<{ open(): Promise<void> }> {
  await bench.query(`
    create or replace function wait_at_gate() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock_shared(77); return new; end $$;
    create or replace trigger gate before insert on prospects for each row when (new.canonical_key = '${gate}') execute function wait_at_gate()`);
  const client = new pg.Client({ connectionString: bench.database.url });
  await client.connect();
  await client.query('select pg_advisory_lock(77)');
  return { open: () => client.end() };
}

async function waitsAtGate(): Promise<boolean> {
  const waiting = await bench.query(`select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
  return waiting.length > 0;
}
