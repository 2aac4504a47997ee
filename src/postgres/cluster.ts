import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { versionOf } from './binaries.ts';
import { EmbeddedPostgresError } from './errors.ts';
import type { Home } from './home.ts';

/** The folder that PostgreSQL itself knows. */
export function dataFolder(home: Home): string {
  return join(home.folder, 'data');
}

/**
 * The password of the superuser `postgres` of this home, after making its cluster (UTF-8, order of bytes) if there is
 * none. A cluster appears whole or not at all: it is made beside its place and renamed.
 */
export async function openCluster(home: Home, fast: boolean): Promise<string> {
  const data = dataFolder(home);
  const passwordFile = join(home.folder, 'password');
  if (existsSync(join(data, 'PG_VERSION'))) {
    refuseOtherVersion(home);
    if (existsSync(passwordFile)) return readFileSync(passwordFile, 'utf8');
    throw new EmbeddedPostgresError(`The file ${passwordFile} is gone: put it back, or set DATA_DIR to another folder to start with an empty database.`);
  }
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const unfinished = `${data}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  await initialise(home, unfinished, password, fast);
  renameSync(unfinished, data);
  return password;
}

function refuseOtherVersion(home: Home): void {
  const made = readFileSync(join(dataFolder(home), 'PG_VERSION'), 'utf8').trim();
  const have = versionOf(home.binaries);
  if (made === have.split('.')[0]) return;
  throw new EmbeddedPostgresError(
    `The data folder ${home.folder} was made by PostgreSQL ${made} and this is PostgreSQL ${have}: set DATA_DIR to another folder, or dump it with ${made} and restore it here.`,
  );
}

async function initialise(home: Home, folder: string, password: string, fast: boolean): Promise<void> {
  const passwordFile = join(home.folder, 'password.new');
  const options = ['-D', folder, '-U', 'postgres', `--pwfile=${passwordFile}`, '--encoding=UTF8', '-A', 'scram-sha-256', '--lc-messages=C', '--no-instructions'];
  if (fast) options.push('--no-sync');
  const locales = [['--locale=C.UTF-8'], ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']];
  writeFileSync(passwordFile, password, { mode: 0o600 });
  try {
    if (home.user) chownSync(passwordFile, home.user.uid, home.user.gid);
    let output = '';
    // macOS and Windows have no locale C.UTF-8; there PostgreSQL's own does the same.
    for (const locale of locales) {
      mkdirSync(folder, { mode: 0o700 });
      if (home.user) chownSync(folder, home.user.uid, home.user.gid);
      const result = await run(home, [...options, ...locale]);
      if (result.code === 0) return;
      output = result.output;
      rmSync(folder, { recursive: true, force: true });
      if (!/invalid locale/.test(output)) break;
    }
    throw explain(home, output);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function run(home: Home, args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((done) => {
    const child = spawn(home.binaries.initdb, args, { cwd: home.folder, uid: home.user?.uid, gid: home.user?.gid, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk));
    child.on('error', (error) => done({ code: null, output: `${output}\n${error.message}` }));
    child.on('close', (code) => done({ code, output }));
  });
}

/** One sentence from what initdb or the server said before it gave up. */
export function explain(home: Home, output: string): EmbeddedPostgresError {
  if (/No space left on device|Check free disk space|Disk quota exceeded/i.test(output)) {
    return new EmbeddedPostgresError(`The disk that holds ${home.folder} is full: free some space and start again, or set DATA_DIR to a folder on another disk.`);
  }
  const lines = output.trim().split('\n');
  const reason = lines.findLast((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1) ?? '';
  if (/Permission denied/.test(output)) {
    return new EmbeddedPostgresError(`PostgreSQL may not use the data folder ${home.folder} (${reason.trim()}): start Outrider as its owner, or set DATA_DIR to another folder.`);
  }
  return new EmbeddedPostgresError(`PostgreSQL did not start (${reason.trim() || 'it said nothing'}): mend that, or set DATABASE_URL to a PostgreSQL of your own.`);
}
