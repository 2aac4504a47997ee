import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { createCluster, type Cluster } from '../support/cluster.ts';
import { runOutrider, startOutrider, type Program } from '../support/program.ts';
import { waitFor } from '../support/waitFor.ts';

const token = 'a-token-beside-idle-others';
let cluster: Cluster;
let folder: string;
let server: Program;
let url: string;
const others: pg.Client[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outrider-test-idle-'));
  cluster = await createCluster('max_connections=120');
  server = startOutrider(['serve'], environment());
  url = await server.says(/http:\/\/127\.0\.0\.1:\d+\//);
});
afterEach(() => leave());
afterAll(async () => {
  server.process.kill('SIGKILL');
  await server.ended;
  await cluster.remove();
  rmSync(folder, { recursive: true, force: true });
});

const environment = () => ({ DATABASE_URL: cluster.url, DATA_DIR: folder, OUTRIDER_TOKEN: token });

async function ask(query: string): Promise<{ data: any; errors?: { message: string; extensions: { code: string } }[] }> {
  const response = await fetch(`${url}graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query }) });
  return (await response.json()) as { data: any };
}

/** Sessions that begin, run this, and do nothing more: so many, or as many as there are connections for. */
async function idle(count: number, statement = 'select'): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const other = new pg.Client({ connectionString: cluster.url, application_name: 'somebody else' });
    other.on('error', () => {});
    try {
      await other.connect();
      await other.query('begin');
      await other.query(statement);
    } catch (error) {
      if (/too many clients|remaining connection slots/.test((error as Error).message)) return;
      throw error;
    }
    others.push(other);
  }
}

async function leave(): Promise<void> {
  await Promise.all(others.splice(0).map((other) => other.end()));
}

const create = (name: string) => ask(`mutation { createProspect(input: { displayName: "P", profileUrl: "https://${name}.example/" }) { prospect { id } userErrors { code } } }`);
const list = () => ask('{ prospects(first: 10) { totalCount } }');

beforeEach(() => create('held'));

test('100 sessions idle in transaction that hold rows: lists answer, and what they do not hold is written', async () => {
  await idle(1, 'select from prospects for update');
  await idle(99, 'select from prospects limit 1');

  expect(others).toHaveLength(100);
  expect((await list()).data.prospects.totalCount).toBeGreaterThan(0);
  expect((await create('beside')).data.createProspect.userErrors).toEqual([]);
});

test('when they have taken every connection, the server never answers an empty list, and goes on afterwards', async () => {
  await idle(200);
  const { data, errors } = await list();
  if (errors) expect(data?.prospects ?? null).toBeNull();
  else expect(data.prospects.totalCount).toBeGreaterThan(0);
  expect(server.process.exitCode).toBeNull();

  await leave();
  await waitFor(async () => (await create('afterwards')).data?.createProspect.userErrors.length === 0);
  expect(await runOutrider(['schema', 'check'], environment())).toMatchObject({ code: 0 });
});
