import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startDraftJob } from '../../src/services/drafts/startDraftJob.ts';
import { JobBench } from '../jobs/support.ts';
import { createClusterOf, type Cluster } from '../support/cluster.ts';
import { queryOnce } from '../support/database.ts';
import { runOutrider } from '../support/program.ts';
import { waitFor } from '../support/waitFor.ts';
import { installed, installedPostgres } from './installedPostgres.ts';

const program = installedPostgres('pg_basebackup', 'pg_verifybackup', 'pg_waldump') ?? (() => '');
const isInstalled = program('postgres') !== '';
if (!isInstalled) console.warn(`There is no PostgreSQL with pg_basebackup in ${installed} (apt-get install postgresql): the test of physical backups is skipped.`);
const run = promisify(execFile);

const targets = 6_000;

(isInstalled ? describe : describe.skip)('a base backup and the log', () => {
  let folder: string;
  let archive: string;
  let primary: Cluster;
  let restored: Cluster | undefined;
  let bench: JobBench;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), `outrider-test-${process.pid}-moment-`));
    chmodSync(folder, 0o711);
    archive = join(folder, 'archive');
    mkdirSync(archive);
    const binaries = { postgres: program('postgres'), initdb: program('initdb'), pg_ctl: program('pg_ctl') };
    primary = await createClusterOf(binaries, 'wal_level=replica', 'max_wal_senders=4', 'archive_mode=on', `archive_command=cp "%p" "${archive}/%f"`);
    const { uid, gid } = statSync(primary.socketFolder);
    spawnSync('chown', [`${uid}:${gid}`, archive]);
    bench = await JobBench.open({ url: primary.url, drop: async () => {} });
  });
  afterAll(async () => {
    await bench.close().catch(() => {});
    await restored?.remove();
    await primary.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const draft = (tag: string) => startDraftJob(bench.context, { bodyTemplate: `Hello {{ displayName }} ${tag}`, filter: { tag }, expectedCount: targets });

  test('that were taken while jobs ran are restored to a moment: what was done until then is there, and nothing after it; it fits, and jobs go on to their end', async () => {
    for (const tag of ['first', 'second']) {
      const ids = await bench.addProspects(targets);
      await bench.query('update prospects set tags = array[$1] where id = any($2::uuid[])', [tag, ids]);
    }
    const worker = await bench.startWorkerProcess();
    const first = await draft('first');
    await bench.jobInTheMiddle(first.jobId);
    const backup = join(folder, 'restored');
    mkdirSync(backup);
    await run(program('pg_basebackup'), [`--dbname=${primary.url}`, `--pgdata=${join(backup, 'data')}`, '--checkpoint=fast']);
    await run(program('pg_verifybackup'), [join(backup, 'data')]);
    await bench.jobIn(first.jobId, 'succeeded');

    const second = await draft('second');
    await bench.jobInTheMiddle(second.jobId);
    const create = (name: string) => bench.query(`insert into prospects (id, canonical_key, profile_url, display_name) values (gen_random_uuid(), $1, 'https://' || $1, $1)`, [name]);
    await create('before.example');
    const [{ moment }] = (await bench.query<{ moment: string }>('select clock_timestamp()::text as moment')) as [{ moment: string }];
    expect(await bench.job(second.jobId)).toMatchObject({ status: 'running' });
    await create('after.example');
    await bench.jobIn(second.jobId, 'succeeded');
    worker.kill('SIGTERM');
    await once(worker, 'exit');
    const [{ last }] = (await bench.query<{ last: string }>('select pg_walfile_name(pg_switch_wal()) as last')) as [{ last: string }];
    await waitFor(async () => (await bench.query('select from pg_stat_archiver where last_archived_wal >= $1', [last])).length > 0);
    await bench.close();
    await primary.stop();

    const settings = [`restore_command = 'cp "${archive}/%f" "%p"'`, `recovery_target_time = '${moment}'`, `recovery_target_action = 'promote'`, `archive_mode = off`];
    writeFileSync(join(backup, 'data', 'postgresql.auto.conf'), settings.map((setting) => `${setting}\n`).join(''));
    writeFileSync(join(backup, 'data', 'recovery.signal'), '');
    restored = await primary.beside(backup);
    await restored.start();
    const { url } = restored;
    await waitFor(async () => (await queryOnce<{ standby: boolean }>(url, 'select pg_is_in_recovery() as standby'))[0]?.standby === false);

    bench = await JobBench.open({ url, drop: async () => {} });
    expect(await bench.query(`select display_name from prospects where display_name like '%.example'`)).toEqual([{ display_name: 'before.example' }]);
    expect(await bench.job(second.jobId)).toMatchObject({ status: 'running' });
    const [{ drafts }] = (await bench.query<{ drafts: number }>('select count(*)::int as drafts from email_drafts where job_id = $1', [second.jobId])) as [{ drafts: number }];
    expect(drafts).toBeGreaterThan(0);
    expect(drafts).toBeLessThan(targets);
    expect(await runOutrider(['schema', 'check'], { DATABASE_URL: url, DATA_DIR: folder })).toMatchObject({ code: 0, out: expect.stringMatching(/^READY/) });

    await bench.startWorker();
    await bench.jobIn(second.jobId, 'succeeded');
    for (const { jobId } of [first, second]) expect(await bench.expectSettled(jobId)).toMatchObject({ done_count: targets, failed_count: 0 });
  });
});
