import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { dataFolder, explain } from './cluster.ts';
import { EmbeddedPostgresError } from './errors.ts';
import type { Home } from './home.ts';
import { commandLine, identify, isRunning, type ProcessIdentity } from './processes.ts';

/** A running PostgreSQL server, ours or one that was left behind. */
export interface Postmaster {
  process: ProcessIdentity;
  port: number;
}

const speedInsteadOfSafety = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum_naptime=5min', 'max_connections=400'];

/** The server that runs on this home. A postmaster.pid that a crash left behind is removed. */
export function findPostmaster(home: Home): Postmaster | null {
  const pidFile = join(dataFolder(home), 'postmaster.pid');
  let lines: string[];
  try {
    lines = readFileSync(pidFile, 'utf8').split('\n');
  } catch {
    return null;
  }
  const process_ = identify(Number(lines[0]));
  // Windows does not tell the command line; there the pid has to do.
  if (process_ && (process.platform === 'win32' || isServerOf(process_.pid, home))) return { process: process_, port: Number(lines[3]) };
  rmSync(pidFile, { force: true });
  return null;
}

function isServerOf(pid: number, home: Home): boolean {
  const command = commandLine(pid);
  return command.includes('postgres') && command.includes(dataFolder(home));
}

/**
 * Starts the server and resolves when it accepts connections. It has a process group of its own, so that Ctrl+C in the
 * terminal reaches Outrider alone, which then ends its work before it stops PostgreSQL.
 */
export async function startPostmaster(home: Home, password: string, preferredPort: number | undefined, fast: boolean): Promise<Postmaster> {
  for (let attempt = 0; ; attempt++) {
    const port = await freePort(attempt === 0 ? preferredPort : undefined);
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200', ...(fast ? speedInsteadOfSafety : [])];
    const logFile = join(home.folder, 'server.log');
    const logHandle = openSync(logFile, 'w', 0o600);
    const args = ['-D', dataFolder(home), '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
    const child = spawn(home.binaries.postgres, args, {
      cwd: home.folder,
      uid: home.user?.uid,
      gid: home.user?.gid,
      detached: true,
      // Not a pipe: its reader may die first, and the server must be able to go on writing.
      stdio: ['ignore', logHandle, logHandle],
    });
    closeSync(logHandle);
    child.unref();
    let spawnError = '';
    child.on('error', (error) => (spawnError = error.message));
    const started = child.pid === undefined ? null : identify(child.pid);
    if (started && (await acceptsOrStops(home, { process: started, port }, password))) return { process: started, port };
    const output = readFileSync(logFile, 'utf8') || spawnError;
    if (attempt >= 5 || !/could not create any TCP\/IP sockets/.test(output)) throw explain(home, output);
  }
}

/** Like `accepts`; a server that nobody could ever use does not stay behind. */
async function acceptsOrStops(home: Home, postmaster: Postmaster, password: string): Promise<boolean> {
  try {
    return await accepts(postmaster, password);
  } catch (error) {
    await stopPostmaster(home, postmaster);
    throw error;
  }
}

/** Waits until the server accepts connections (true) or has ended (false), recovery after a crash included. */
export async function accepts(postmaster: Postmaster, password: string): Promise<boolean> {
  while (isRunning(postmaster.process)) {
    const client = new pg.Client({ connectionString: serverUrl(postmaster, password), connectionTimeoutMillis: 5_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      return true;
    } catch (error) {
      if ((error as { code?: string }).code === '28P01') {
        throw new EmbeddedPostgresError(
          'The password in the data folder is not that of its database: put the right file `password` back, or set DATA_DIR to another folder to start with an empty database.',
          { cause: error },
        );
      }
      await sleep(25);
    } finally {
      await client.end().catch(() => {});
    }
  }
  return false;
}

/** Ends the server's sessions and the server (a "fast" shutdown), and waits until it is gone. */
export async function stopPostmaster(home: Home, postmaster: Postmaster): Promise<void> {
  const deadline = Date.now() + 60_000;
  signalStop(home, postmaster);
  while (isRunning(postmaster.process)) {
    if (Date.now() > deadline) throw new EmbeddedPostgresError(`PostgreSQL (process ${postmaster.process.pid}) does not stop: see ${join(home.folder, 'server.log')}.`);
    await sleep(20);
  }
}

/** Asks for a fast shutdown and does not wait for it. */
export function signalStop(home: Home, postmaster: Postmaster): void {
  if (!isRunning(postmaster.process)) return;
  // Windows has no SIGINT to send: there it would end the server without a checkpoint.
  if (process.platform === 'win32') spawn(home.binaries.pg_ctl, ['stop', '-D', dataFolder(home), '-m', 'fast'], { stdio: 'ignore', detached: true }).unref();
  else process.kill(postmaster.process.pid, 'SIGINT');
}

export function serverUrl({ port }: Postmaster, password: string): string {
  return `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
}

/** The preferred port while nobody listens there, else one that the system chooses. */
async function freePort(preferred: number | undefined): Promise<number> {
  return (preferred ? await tryListen(preferred) : null) ?? (await tryListen(0)) ?? 0;
}

function tryListen(port: number): Promise<number | null> {
  return new Promise((done) => {
    const server = createServer();
    server.on('error', () => done(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(address && typeof address === 'object' ? address.port : null));
    });
  });
}
