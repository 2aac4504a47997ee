import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Binaries, installationFolder, versionOf } from './binaries.ts';
import { EmbeddedPostgresError } from './errors.ts';

/** A system user that runs PostgreSQL instead of root. */
export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
}

/** Where one embedded PostgreSQL lives, and as whom it runs. */
export interface Home {
  /** Absolute, without symbolic links; holds `data`, the password, the log and who owns the server. */
  folder: string;
  binaries: Binaries;
  /** Set when this process is root, because PostgreSQL refuses to be. */
  user?: ServerUser;
  /** For whoever starts the server as root: as whom it runs, and where. */
  note?: string;
}

/** For root: a place that every user can reach, for what stands in a folder that only root can. */
const rootCache = '/var/lib/outrider';

/**
 * The home inside `dataDir`, made when it is not there. PostgreSQL refuses to run as root, so for root an existing
 * user is taken; what this user cannot reach (a checkout under /root) goes to `cacheDir`, and `postgres` in `dataDir`
 * becomes a symbolic link to it.
 */
export function openHome(dataDir: string, binaries: Binaries, cacheDir = rootCache): Home {
  mkdirSync(dataDir, { recursive: true });
  const inside = join(realpathSync(dataDir), 'postgres');
  if (process.getuid?.() !== 0) {
    mkdirSync(inside, { recursive: true, mode: 0o700 });
    return { folder: realpathSync(inside), binaries };
  }
  const user = ownerOf(inside) ?? unprivilegedUser();
  const folder = reachableFolder(inside, user, cacheDir);
  const reachable = reachableBinaries(binaries, user, cacheDir);
  const moved = [folder !== inside && `data in ${folder}`, reachable !== binaries && `programs in ${installationFolder(reachable)}`];
  const elsewhere = moved.filter(Boolean).join(', ');
  const note = `PostgreSQL refuses to run as root: it runs as the user ${user.name}${elsewhere && `, with its ${elsewhere}, where this user can reach them`}.`;
  return { folder, binaries: reachable, user, note };
}

function reachableFolder(inside: string, user: ServerUser, cacheDir: string): string {
  const entry = lstatSync(inside, { throwIfNoEntry: false });
  if (entry && existsSync(inside)) {
    const folder = realpathSync(inside);
    if (canEnter(user, folder)) return folder;
    throw new EmbeddedPostgresError(
      `PostgreSQL would run as the user ${user.name}, who cannot reach the data folder ${folder}: start Outrider as the owner of that folder, or set DATA_DIR to another one.`,
    );
  }
  rmSync(inside, { force: true });
  mkdirSync(inside, { mode: 0o711 });
  if (canEnter(user, inside)) return inside;
  rmSync(inside, { recursive: true });
  const folder = join(cacheDir, createHash('sha256').update(resolve(inside)).digest('hex').slice(0, 16));
  // Its data folder was deleted: the owner wants a new start, but a database is never deleted here.
  if (existsSync(folder)) renameSync(folder, `${folder}.${new Date().toISOString().replaceAll(':', '')}`);
  makeReachable(cacheDir, folder);
  symlinkSync(folder, inside);
  return folder;
}

function reachableBinaries(binaries: Binaries, user: ServerUser, cacheDir: string): Binaries {
  const { status, error } = spawnSync(binaries.postgres, ['--version'], { uid: user.uid, gid: user.gid, cwd: '/' });
  if (status === 0) return binaries;
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'EPERM') {
    throw new EmbeddedPostgresError(
      'PostgreSQL refuses to run as root, and this root may not start it as another user: start Outrider as an ordinary user, or set DATABASE_URL.',
    );
  }
  const copy = join(cacheDir, `postgresql-${versionOf(binaries)}`);
  if (!existsSync(copy)) {
    makeReachable(cacheDir, cacheDir);
    const unfinished = `${copy}.${randomUUID()}`;
    cpSync(installationFolder(binaries), unfinished, { recursive: true, verbatimSymlinks: true });
    spawnSync('chmod', ['-R', 'go+rX', unfinished]);
    if (existsSync(copy)) rmSync(unfinished, { recursive: true });
    else renameSync(unfinished, copy);
  }
  const at = (name: string) => join(copy, 'bin', name);
  return { postgres: at('postgres'), initdb: at('initdb'), pg_ctl: at('pg_ctl') };
}

/** Whatever the umask is, other users may pass through (not list) these folders. */
function makeReachable(...folders: string[]): void {
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o711);
  }
}

function canEnter(user: ServerUser, folder: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { uid: user.uid, gid: user.gid, cwd: '/' }).status === 0;
}

/** The ordinary user whose cluster stands there already, so that `sudo` now and then does no harm. */
function ownerOf(folder: string): ServerUser | null {
  const owner = statSync(join(folder, 'data'), { throwIfNoEntry: false });
  if (!owner || owner.uid === 0) return null;
  return { name: systemUsers().find(({ uid }) => uid === owner.uid)?.name ?? String(owner.uid), uid: owner.uid, gid: owner.gid };
}

function unprivilegedUser(): ServerUser {
  const users = systemUsers();
  const user = users.find(({ name }) => name === 'postgres') ?? users.find(({ name }) => name === 'nobody');
  if (user) return user;
  throw new EmbeddedPostgresError(
    'PostgreSQL refuses to run as root, and this system has neither a user postgres nor a user nobody: start Outrider as an ordinary user, or set DATABASE_URL.',
  );
}

function systemUsers(): ServerUser[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}
