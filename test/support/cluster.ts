import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/migrate/migrate.ts';
import { type Binaries, installedBinaries } from '../../src/postgres/binaries.ts';
import { startEmbeddedPostgres } from '../../src/postgres/embedded.ts';
import { openHome, type Home } from '../../src/postgres/home.ts';
import { waitFor } from './waitFor.ts';

/** A PostgreSQL server of one's own, whose processes may be stopped, hung and restarted. */
export interface Cluster {
  /** a superuser's URL of a migrated database */
  url: string;
  start(...settings: string[]): Promise<void>;
  /** waits until it is down */
  stop(): Promise<void>;
  /** the postmaster's */
  pid(): number;
  /** where it can be reached without TCP */
  socketFolder: string;
  /** of the stopped server, with these settings */
  copy(...settings: string[]): Promise<Cluster>;
  /** another one of the same programs, on what stands in the folder `data` in this one; it is not removed with it */
  beside(folder: string): Promise<Cluster>;
  remove(): Promise<void>;
}

/** A server with our schema in its database `outrider`; `settings` are like "max_connections=20". */
export function createCluster(...settings: string[]): Promise<Cluster> {
  return createClusterOf(undefined, ...settings);
}

/** The same with other programs than those that npm installed. */
export async function createClusterOf(binaries: Binaries | undefined, ...settings: string[]): Promise<Cluster> {
  const dataDir = mkdtempSync(join(tmpdir(), `outrider-test-${process.pid}-`));
  chmodSync(dataDir, 0o711);
  const embedded = await startEmbeddedPostgres({ dataDir, fast: true, ...(binaries ? { binaries } : {}) });
  const admin = new pg.Client({ connectionString: embedded.url });
  await admin.connect();
  await admin.query('create database outrider');
  await admin.end();
  const url = new URL(embedded.url);
  url.pathname = '/outrider';
  await migrate({ url: url.href, appliedBy: 'tests' });
  await embedded.stop();
  const cluster = await clusterAt(openHome(dataDir, binaries ?? (await installedBinaries())), url, () => rmSync(dataDir, { recursive: true, force: true }));
  await cluster.start(...settings);
  return cluster;
}

async function clusterAt(home: Home, made: URL, removeFolder: () => void): Promise<Cluster> {
  const { folder, binaries, user } = home;
  const data = join(folder, 'data');
  const url = new URL(made);
  url.port = String(await freePort());
  const log = join(folder, 'cluster.log');
  const pid = () => Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const cluster: Cluster = {
    url: url.href,
    socketFolder: data,
    pid,
    async start(...settings) {
      const all = [`listen_addresses=127.0.0.1`, `unix_socket_directories=${data}`, 'fsync=off', ...settings];
      const args = ['-D', data, '-p', url.port, ...all.flatMap((setting) => ['-c', setting])];
      const server = spawn(binaries.postgres, args, { uid: user?.uid, gid: user?.gid, cwd: folder, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
      server.stderr!.on('data', (chunk: Buffer) => writeFileSync(log, chunk, { flag: 'a' }));
      server.unref();
      await waitFor(async () => {
        const client = new pg.Client({ connectionString: url.href });
        client.on('error', () => {});
        await client.connect();
        await client.end();
        return true;
      });
    },
    async stop() {
      const postmaster = pid();
      process.kill(postmaster, 'SIGCONT');
      process.kill(postmaster, 'SIGINT');
      await waitFor(() => !isRunning(postmaster));
    },
    async copy(...settings) {
      const target = join(folder, `copy-${randomUUID().slice(0, 8)}`);
      cpSync(data, join(target, 'data'), { recursive: true });
      writeFileSync(join(target, 'data', 'postgresql.auto.conf'), settings.map((setting) => `${setting}\n`).join(''));
      writeFileSync(join(target, 'data', 'standby.signal'), '');
      return cluster.beside(target);
    },
    async beside(target) {
      chmodSync(join(target, 'data'), 0o700);
      if (user) spawnSync('chown', ['-R', `${user.uid}:${user.gid}`, target]);
      return clusterAt({ ...home, folder: target }, made, () => {});
    },
    async remove() {
      await cluster.stop().catch(() => {});
      removeFolder();
    },
  };
  return cluster;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** A server with our schema, and a hot standby of it. */
export async function createReplicated(): Promise<{ primary: Cluster; standby: Cluster; remove(): Promise<void> }> {
  const primary = await createCluster();
  await primary.stop();
  const { port, password } = new URL(primary.url);
  const standby = await primary.copy(`primary_conninfo = 'host=127.0.0.1 port=${port} user=postgres password=${password}'`);
  await primary.start();
  await standby.start();
  return {
    primary,
    standby,
    async remove() {
      await standby.remove();
      await primary.remove();
    },
  };
}
