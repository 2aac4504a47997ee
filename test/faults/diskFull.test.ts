import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { startDraftJob } from '../../src/services/drafts/startDraftJob.ts';
import { JobBench } from '../jobs/support.ts';
import { queryOnce } from '../support/database.ts';
import { publishedServer } from '../support/server.ts';
import { waitFor } from '../support/waitFor.ts';

const folder = mkdtempSync(join(tmpdir(), `outrider-test-${process.pid}-disk-`));
const mount = (options: string) => spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status === 0;
const isMounted = process.platform === 'linux' && process.getuid?.() === 0 && mount('size=6m');
if (!isMounted) console.warn('A small disk can only be mounted as root: the test of a full disk is skipped.');

const count = 6_000;

(isMounted ? describe : describe.skip)('a disk that fills up in mid job', () => {
  const tablespace = `small_${process.pid}`;
  let bench: JobBench;
  const lines: string[] = [];

  beforeAll(async () => {
    bench = await JobBench.open();
    const [{ path }] = await queryOnce<{ path: string }>(publishedServer().url, `select current_setting('data_directory') as path`) as [{ path: string }];
    const { uid, gid } = statSync(path);
    chownSync(folder, uid, gid);
    await bench.query(`create tablespace ${tablespace} location '${folder}'`);
    await bench.query(`alter table email_drafts set tablespace ${tablespace}`);
  });
  afterAll(async () => {
    await bench.close();
    await queryOnce(publishedServer().url, `drop tablespace ${tablespace}`);
    spawnSync('umount', [folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  test('keeps the job waiting and blames no target; with room again it ends with every draft', async () => {
    await bench.addProspects(count);
    const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    const worker = await bench.startWorker({ log });
    const { jobId } = await startDraftJob(bench.context, { bodyTemplate: `{{ displayName }} ${'word '.repeat(300)}`, expectedCount: count });
    // Long enough that a chunk that was blamed for it would have been given up.
    await waitFor(() => lines.filter((line) => line.includes('No space left on device')).length > 0);
    await waitFor(async () => (await bench.query('select from workers where seen_at > now() - interval \'4 seconds\'')).length === 1);
    expect(await bench.job(jobId)).toMatchObject({ status: 'running', failed_count: 0 });
    expect(mount('remount,size=200m')).toBe(true);

    await bench.jobIn(jobId, 'succeeded');
    expect(await bench.expectSettled(jobId)).toMatchObject({ done_count: count, failed_count: 0, skipped_count: 0 });
    await worker.stop();
  });
});
