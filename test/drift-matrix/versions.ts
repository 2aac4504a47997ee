import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Binaries } from '../../src/postgres/binaries.ts';
import { startEmbeddedPostgres } from '../../src/postgres/embedded.ts';

export const versions = ['15', '16', '17', '18'] as const;

const here = fileURLToPath(new URL('.', import.meta.url));

/** Installs the PostgreSQL versions beside this file, once. */
export function installVersions(): void {
  if (existsSync(join(here, 'node_modules'))) return;
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: 'inherit' });
  if (status !== 0) throw new Error('The versions of PostgreSQL could not be installed.');
}

/** A server of this major version on 127.0.0.1, with nothing in it. `stop` ends it and removes its files. */
export async function startVersion(version: string): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), `outrider-drift-matrix-${version}-`));
  // PostgreSQL may have to run as another user than this one.
  await chmod(dataDir, 0o711);
  const { url, stop } = await startEmbeddedPostgres({ dataDir, binaries: await binariesOf(version), fast: true, cacheDir: join(dataDir, 'programs') });
  return {
    url,
    async stop() {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function binariesOf(version: string): Promise<Binaries> {
  const folder = join(here, 'node_modules', `postgres-${version}-${process.platform}-${process.arch}`);
  await restoreLinks(folder);
  return (await import(join(folder, 'dist', 'index.js'))) as Binaries;
}

/** npm packages hold no symbolic links: each brings a list of those between its libraries. */
async function restoreLinks(folder: string): Promise<void> {
  const links = JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (!existsSync(link)) await symlink(relative(dirname(link), join(folder, source)), link);
  }
}
