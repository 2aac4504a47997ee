import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { accessSync, chmodSync, constants, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { migrate } from '../../src/migrate/migrate.ts';
import { installedBinaries } from '../../src/postgres/binaries.ts';
import { startEmbeddedPostgres } from '../../src/postgres/embedded.ts';
import { findPostmaster, stopPostmaster } from '../../src/postgres/postmaster.ts';
import { identify } from '../../src/postgres/processes.ts';
import { queryOnce, urlOf } from './database.ts';
import { type TestServer, publishServer, stopServer } from './server.ts';

/**
 * One PostgreSQL for the whole run, with one migrated template that test files clone.
 * TEST_DATABASE_URL names a server to use instead of the embedded one (a superuser's URL): to run on other versions.
 */
export default async function globalSetup(): Promise<void> {
  await removeLeftovers();
  const server = process.env['TEST_DATABASE_URL'] ? useServer(process.env['TEST_DATABASE_URL']) : await startServer();
  publishServer(server);
  try {
    await queryOnce(server.url, `create database ${server.template}`);
    const { pending } = await migrate({ url: urlOf(server.template), appliedBy: 'tests' });
    if (pending.length > 0) throw new Error(`not migrated: ${pending.map(({ name }) => name).join(', ')}`);
  } catch (error) {
    // Jest does not call the teardown when the setup fails.
    await stopServer();
    throw error;
  }
}

async function startServer(): Promise<TestServer> {
  const memory = memoryFolder();
  const dataDir = mkdtempSync(join(memory ?? tmpdir(), `outrider-test-${process.pid}-`));
  // PostgreSQL may have to run as another user than this one.
  chmodSync(dataDir, 0o711);
  const postgres = await startEmbeddedPostgres({ dataDir, fast: true });
  const stop = async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  // In memory a copied file costs a fifth of a logged copy; on a disk it is the other way round.
  return { url: postgres.url, template: 'outrider_template', strategy: memory ? 'strategy file_copy' : '', folder: makeFolder(), stop };
}

function useServer(url: string): TestServer {
  const template = `outrider_template_${randomUUID().slice(0, 8)}`;
  const stop = () => queryOnce(url, `drop database if exists ${template} with (force)`).then(() => {});
  return { url, template, strategy: '', folder: makeFolder(), stop };
}

function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), `outrider-test-${process.pid}-`));
}

/** The small disks of the tests of a full one. */
function unmountBelow(folder: string): void {
  if (!existsSync('/proc/mounts')) return;
  const places = readFileSync('/proc/mounts', 'utf8').split('\n').map((line) => line.split(' ')[1] ?? '');
  for (const place of places) if (place === folder || place.startsWith(`${folder}/`)) spawnSync('umount', ['--lazy', place]);
}

/** A folder in memory with room enough for the databases of a run; null where there is none. */
function memoryFolder(): string | null {
  const folder = '/dev/shm';
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > 8 * 2 ** 30 ? folder : null;
  } catch {
    return null;
  }
}

/** Ends the servers of runs that were killed, and removes their folders. */
async function removeLeftovers(): Promise<void> {
  const binaries = await installedBinaries();
  const folders = [tmpdir(), memoryFolder() ?? []].flat();
  for (const path of folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))) {
    const pid = /^outrider-test-(\d+)-/.exec(basename(path))?.[1];
    if (!pid || identify(Number(pid))) continue;
    const dataDir = realpathSync(path);
    const home = { folder: join(dataDir, 'postgres'), binaries };
    const postmaster = findPostmaster(home);
    if (postmaster) await stopPostmaster(home, postmaster);
    unmountBelow(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  }
}
