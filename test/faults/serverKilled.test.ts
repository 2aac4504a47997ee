import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { loadMigrations } from '../../src/migrate/migrations.ts';
import { migrate } from '../../src/migrate/migrate.ts';
import { holding } from '../health/support.ts';
import { createEmptyDatabase, createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { runOutrider, startOutrider, type Program } from '../support/program.ts';
import { waitFor } from '../support/waitFor.ts';

const token = 'a-token-of-the-killed-server';
let folder: string;
let database: TestDatabase;
let server: Program;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outrider-test-killed-'));
});
afterEach(async () => {
  await kill();
  await database.drop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const environment = () => ({ DATABASE_URL: database.url, DATA_DIR: folder, OUTRIDER_TOKEN: token, SCHEMA_POLICY: 'degrade' });

async function kill(): Promise<void> {
  server.process.kill('SIGKILL');
  await server.ended;
}

async function serve(): Promise<(query: string, variables?: object) => Promise<any>> {
  server = startOutrider(['serve'], environment());
  const url = await server.says(/http:\/\/127\.0\.0\.1:\d+\//);
  return async (query, variables = {}) => {
    const response = await fetch(`${url}graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query, variables }) });
    return ((await response.json()) as { data: any }).data;
  };
}

/** Kills the server while a statement of it waits for what `lock` takes; answers once PostgreSQL has noticed. */
async function killWaiting(lock: string, act: () => Promise<unknown>): Promise<void> {
  const holder = await holding(database.url, lock);
  const waiting = () => queryOnce<{ pid: number }>(database.url, `select pid from pg_stat_activity where datname = current_database() and application_name like 'outrider%' and wait_event_type = 'Lock'`);
  try {
    void act().catch(() => {});
    const [{ pid }] = await waitFor(async () => {
      const found = await waiting();
      return found.length > 0 ? (found as [{ pid: number }]) : null;
    });
    await kill();
    // PostgreSQL looks after the client of a statement that waits, and ends it.
    await waitFor(async () => (await queryOnce(database.url, 'select from pg_stat_activity where pid = $1', [pid])).length === 0);
  } finally {
    await holder.release();
  }
}

test('a server that is killed in the middle of applyMigrations: the next migrate completes, and the schema is READY', async () => {
  database = await createEmptyDatabase();
  await migrate({ url: database.url, migrations: (await loadMigrations()).slice(0, -1), appliedBy: 'an older version' });
  const ask = await serve();
  await killWaiting('lock table schema_migrations in exclusive mode', () => ask('mutation { applyMigrations(input: { dryRun: false }) { running } }'));

  expect(await runOutrider(['migrate'], environment())).toMatchObject({ code: 0 });
  expect(await runOutrider(['schema', 'check'], environment())).toMatchObject({ code: 0, out: expect.stringMatching(/^READY/) });
});

test('a server that is killed in the middle of repairSchema: what is left is found, and repaired by the next one', async () => {
  database = await createTestDatabase();
  await queryOnce(database.url, 'drop index job_chunks_claimable');
  const ask = await serve();
  const { schemaHealth } = await ask('{ schemaHealth(refresh: true) { status planHash } }');
  await killWaiting('lock table job_chunks in share row exclusive mode', () =>
    ask('mutation ($planHash: String) { repairSchema(input: { dryRun: false, planHash: $planHash }) { running } }', { planHash: schemaHealth.planHash }));

  const again = await serve();
  const { schemaHealth: left } = await again('{ schemaHealth(refresh: true) { status planHash } }');
  expect(left.status).not.toBe('READY');
  const { repairSchema } = await again('mutation ($planHash: String) { repairSchema(input: { dryRun: false, planHash: $planHash }) { failed { id } userErrors { message } } }', { planHash: left.planHash });
  expect(repairSchema).toEqual({ failed: [], userErrors: [] });
  await waitFor(async () => (await again('{ schemaHealth(refresh: true) { status } }')).schemaHealth.status === 'READY');
});
