import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../src/migrate/migrate.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/postgres/embedded.ts';
import { startDraftJob } from '../../src/services/drafts/startDraftJob.ts';
import { JobBench } from '../jobs/support.ts';
import { queryOnce } from '../support/database.ts';
import { runOutrider } from '../support/program.ts';
import { waitFor } from '../support/waitFor.ts';
import { installed, installedPostgres } from './installedPostgres.ts';

const program = installedPostgres('pg_dump', 'pg_restore') ?? (() => '');
const isInstalled = program('postgres') !== '';
if (!isInstalled) console.warn(`There is no PostgreSQL with pg_dump in ${installed} (apt-get install postgresql): the test of backups is skipped.`);
const run = promisify(execFile);

const targets = 20_000;
const rights = `grant usage on schema public, pgboss to outrider; grant select, insert, update, delete on all tables in schema public, pgboss to outrider;
  grant usage on all sequences in schema public, pgboss to outrider; grant execute on all functions in schema public, pgboss to outrider`;

(isInstalled ? describe : describe.skip)('a dump', () => {
  let folder: string;
  let postgres: EmbeddedPostgres;
  let bench: JobBench;
  const urlOf = (database: string, user?: string) => {
    const url = new URL(postgres.url);
    url.pathname = `/${database}`;
    if (user) [url.username, url.password] = [user, 'serving'];
    return url.href;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), `outrider-test-${process.pid}-backup-`));
    chmodSync(folder, 0o711);
    const binaries = { postgres: program('postgres'), initdb: program('initdb'), pg_ctl: program('pg_ctl') };
    postgres = await startEmbeddedPostgres({ dataDir: folder, binaries, fast: true, cacheDir: folder });
    await queryOnce(postgres.url, 'create database outrider');
    await queryOnce(postgres.url, `create role outrider login password 'serving'`);
    await migrate({ url: urlOf('outrider') });
    await queryOnce(urlOf('outrider'), rights);
    bench = await JobBench.open({ url: urlOf('outrider'), drop: async () => {} });
  });
  afterAll(async () => {
    await bench.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('that is taken while a job runs is restored as it was at one moment, fits, and the job goes on from there to its end', async () => {
    await bench.addProspects(targets);
    const { jobId } = await startDraftJob(bench.context, { bodyTemplate: 'Hello {{ displayName }}', expectedCount: targets });
    const worker = await bench.startWorkerProcess();
    await waitFor(async () => (await bench.query('select from email_drafts limit 1')).length > 0, { intervalMs: 5 });
    const reader = new pg.Client({ connectionString: urlOf('outrider') });
    await reader.connect();
    await reader.query('begin isolation level repeatable read read only');
    const snapshot = (await reader.query<{ id: string }>('select pg_export_snapshot() as id')).rows[0]!.id;
    const then = await countRows(reader);
    const file = join(folder, 'outrider.dump');
    await run(program('pg_dump'), ['--format=custom', `--snapshot=${snapshot}`, `--file=${file}`, urlOf('outrider')]);
    await reader.end();
    await bench.jobIn(jobId, 'succeeded');
    worker.kill('SIGTERM');
    await once(worker, 'exit');

    await queryOnce(postgres.url, 'create database restored');
    await run(program('pg_restore'), ['--exit-on-error', `--dbname=${urlOf('restored')}`, file]);
    const restored = new pg.Client({ connectionString: urlOf('restored') });
    await restored.connect();
    expect(await countRows(restored)).toEqual(then);
    await restored.end();
    expect(then['public.email_drafts']).toBeGreaterThan(0);
    expect(then['public.email_drafts']).toBeLessThan(targets);

    // As the role that serves: its rights came with the dump.
    expect(await runOutrider(['schema', 'check'], { DATABASE_URL: urlOf('restored', 'outrider'), DATA_DIR: folder })).toMatchObject({ code: 0, out: expect.stringMatching(/^READY/) });
    expect(await runOutrider(['migrate'], { DATABASE_URL: urlOf('restored'), DATA_DIR: folder })).toMatchObject({ code: 0 });
    const again = await JobBench.open({ url: urlOf('restored', 'outrider'), drop: async () => {} });
    try {
      await again.startWorkerProcess();
      await again.jobIn(jobId, 'succeeded');
      expect(await again.expectSettled(jobId)).toMatchObject({ done_count: targets, failed_count: 0 });
    } finally {
      await again.close();
    }
  });
});

/** Table → rows, of every schema that is not PostgreSQL's. */
async function countRows(client: pg.Client): Promise<Record<string, number>> {
  const { rows } = await client.query<{ name: string; count: number }>(
    `select format('%s.%s', n.nspname, c.relname) as name, (xpath('/row/count/text()', query_to_xml(format('select count(*) from %I.%I', n.nspname, c.relname), false, true, '')))[1]::text::int as count
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`,
  );
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}
