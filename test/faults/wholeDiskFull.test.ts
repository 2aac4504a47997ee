import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startDraftJob } from '../../src/services/drafts/startDraftJob.ts';
import { startApi, type Api } from '../graphql/support.ts';
import { JobBench } from '../jobs/support.ts';
import { createCluster, isRunning, type Cluster } from '../support/cluster.ts';
import { queryOnce } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';

const folder = mkdtempSync(join(tmpdir(), `outrider-test-${process.pid}-whole-disk-`));
const disk = join(folder, 'data');
mkdirSync(disk);
const isMounted = process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', disk]).status === 0;
if (!isMounted) {
  rmSync(folder, { recursive: true });
  console.warn('A small disk can only be mounted as root: the test of a full disk with the whole PostgreSQL on it is skipped.');
}

const count = 6_000;
const ballast = join(disk, 'ballast');
/** Less than a few segments of the log, which PostgreSQL makes 16 MB at a time: then it stops. */
const roomLeft = 40 << 20;

(isMounted ? describe : describe.skip)('a disk with the whole PostgreSQL on it, its log too, that fills up in mid job', () => {
  let made: Cluster;
  let cluster: Cluster;
  let api: Api;
  let bench: JobBench;

  beforeAll(async () => {
    chmodSync(folder, 0o711);
    made = await createCluster();
    await made.stop();
    cpSync(made.socketFolder, disk, { recursive: true });
    cluster = await made.beside(folder);
    await cluster.start('max_wal_size=1GB');
    api = await startApi(cluster.url);
    bench = await JobBench.open({ url: cluster.url, drop: async () => {} });
  });
  afterAll(async () => {
    rmSync(ballast, { force: true });
    await bench?.close();
    await api?.stop();
    await cluster?.remove();
    await made?.remove();
    spawnSync('umount', [disk]);
    rmSync(folder, { recursive: true, force: true });
  });

  test('health says why, nothing that was acknowledged is lost, and with room and PostgreSQL back the job ends with every draft', async () => {
    await bench.addProspects(count);
    const { bavail, bsize } = statfsSync(disk);
    const { jobId } = await startDraftJob(bench.context, { bodyTemplate: `{{ displayName }} ${'word '.repeat(1_500)}`, expectedCount: count });
    const piece = Buffer.alloc(4 << 20);
    for (let room = bavail * bsize; room > roomLeft; room -= piece.length) appendFileSync(ballast, piece);
    await bench.startWorker();

    const acknowledged: string[] = [];
    const create = async (number: number) => {
      const url = `https://kept-${number}.example/`;
      const { data } = await api.ask('mutation ($url: URL!) { createProspect(input: { displayName: "K", profileUrl: $url }) { prospect { id } userErrors { code } } }', { url });
      if (data?.createProspect?.prospect) acknowledged.push(url);
      return data?.createProspect?.userErrors.length === 0;
    };
    let number = 0;
    const postmaster = cluster.pid();
    const stopped = await waitFor(async () => {
      await create((number += 1));
      const { data } = await api.ask('{ schemaHealth(refresh: true) { status error } }');
      return data.schemaHealth.status === 'UNREACHABLE' ? data.schemaHealth : null;
    }, { timeoutMs: 60_000 });
    expect(stopped.error).toMatch(/nothing listens there|starting, stopping or recovering|broke the connection/);
    expect((await api.ask('{ prospects(first: 1) { totalCount } }')).data?.prospects ?? null).toBeNull();

    expect(readFileSync(join(folder, 'cluster.log'), 'utf8')).toMatch(/PANIC: .*No space left on device/);

    truncateSync(ballast);
    // Whether PostgreSQL recovers by itself or has given up depends on what room it found.
    await waitFor(async () => !isRunning(postmaster) || (await queryOnce(cluster.url, 'select').then(() => true)), { timeoutMs: 30_000 });
    if (!isRunning(postmaster)) await cluster.start('max_wal_size=1GB');
    await waitFor(() => create((number += 1)), { timeoutMs: 30_000 });
    await bench.jobIn(jobId, 'succeeded');
    expect(await bench.expectSettled(jobId)).toMatchObject({ done_count: count, failed_count: 0 });
    expect(await bench.query('select url from unnest($1::text[]) as url where not exists (select from prospects where profile_url = url)', [acknowledged])).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(0);
    expect((await api.health.check({ refresh: true })).status).toBe('READY');
  });
});
