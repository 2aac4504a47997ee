import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../src/migrate/migrate.ts';
import { installedBinaries } from '../../src/postgres/binaries.ts';
import { startEmbeddedPostgres } from '../../src/postgres/embedded.ts';
import { findPostmaster, stopPostmaster } from '../../src/postgres/postmaster.ts';
import { identify } from '../../src/postgres/processes.ts';
import { queryOnce, urlOf } from './database.ts';
import { type TestServer, publishServer } from './server.ts';

/**
 * One PostgreSQL for the whole run, with one migrated template that test files clone.
 * TEST_DATABASE_URL names a server to use instead of the embedded one (a superuser's URL): to run on other versions.
 */
export default async function globalSetup(): Promise<void> {
  const server = process.env['TEST_DATABASE_URL'] ? useServer(process.env['TEST_DATABASE_URL']) : await startServer();
  publishServer(server);
  try {
    await queryOnce(server.url, `create database ${server.template}`);
    const { pending } = await migrate({ url: urlOf(server.template), appliedBy: 'tests' });
    if (pending.length > 0) throw new Error(`not migrated: ${pending.map(({ name }) => name).join(', ')}`);
  } catch (error) {
    // Jest does not call the teardown when the setup fails.
    await server.stop();
    throw error;
  }
}

async function startServer(): Promise<TestServer> {
  await removeLeftovers();
  const dataDir = mkdtempSync(join(tmpdir(), `outrider-test-${process.pid}-`));
  // PostgreSQL may have to run as another user than this one.
  chmodSync(dataDir, 0o711);
  const postgres = await startEmbeddedPostgres({ dataDir, fast: true });
  const stop = async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { url: postgres.url, template: 'outrider_template', stop };
}

function useServer(url: string): TestServer {
  const template = `outrider_template_${randomUUID().slice(0, 8)}`;
  const stop = () => queryOnce(url, `drop database if exists ${template} with (force)`).then(() => {});
  return { url, template, stop };
}

/** Ends the servers of runs that were killed, and removes their folders. */
async function removeLeftovers(): Promise<void> {
  const binaries = await installedBinaries();
  for (const name of readdirSync(tmpdir())) {
    const pid = /^outrider-test-(\d+)-/.exec(name)?.[1];
    if (!pid || identify(Number(pid))) continue;
    const dataDir = realpathSync(join(tmpdir(), name));
    const home = { folder: join(dataDir, 'postgres'), binaries };
    const postmaster = findPostmaster(home);
    if (postmaster) await stopPostmaster(home, postmaster);
    rmSync(dataDir, { recursive: true, force: true });
  }
}
