import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Binaries, installedBinaries } from './binaries.ts';
import { openCluster } from './cluster.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { type Home, openHome } from './home.ts';
import { withLock } from './lock.ts';
import { accepts, findPostmaster, type Postmaster, serverUrl, signalStop, startPostmaster, stopPostmaster } from './postmaster.ts';
import { identify, isRunning, type ProcessIdentity } from './processes.ts';

export { EmbeddedPostgresError };

export interface EmbeddedPostgresOptions {
  /** The server's files go into the folder `postgres` in it; made when it is not there. */
  dataDir: string;
  /** Called with one line for everything that somebody may want to know. */
  log?: (line: string) => void;
  /** Gives up safety against a crash of the machine for speed: for tests. */
  fast?: boolean;
  /** Another PostgreSQL than the one that npm installed. */
  binaries?: Binaries;
  /** For root: where programs and data go that the server's user cannot reach in their place. */
  cacheDir?: string;
}

export interface EmbeddedPostgres {
  /** Connects as superuser to the database `postgres`. */
  url: string;
  /** False when another living process started the server: then `stop` leaves it running. */
  owned: boolean;
  /** Stops the server if this process owns it; calling it again does nothing. */
  stop(): Promise<void>;
}

/** What processes that share a home tell each other. */
interface Ledger {
  owner: ProcessIdentity | null;
  /** Used again next time while it is free, so that processes that outlive the server find the next one. */
  port: number;
}

/**
 * A PostgreSQL server on the data in `dataDir`, listening on 127.0.0.1 only, under a random password.
 *
 * The first process starts and owns it; further ones attach and leave it running. A server that outlived its owner
 * (kill -9) is taken over by the next process. Throws EmbeddedPostgresError, one sentence that says what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => {});
  try {
    const home = openHome(options.dataDir, options.binaries ?? (await installedBinaries()), options.cacheDir);
    return await withLock(join(home.folder, 'starting'), () => startOrAttach(home, options.fast ?? false, log));
  } catch (error) {
    throw asSentence(error, options.dataDir);
  }
}

async function startOrAttach(home: Home, fast: boolean, log: (line: string) => void): Promise<EmbeddedPostgres> {
  const password = await openCluster(home, fast);
  const ledger = readLedger(home);
  const running = findPostmaster(home);
  if (running && (await accepts(running, password))) {
    if (ledger?.owner && isRunning(ledger.owner)) {
      return { url: serverUrl(running, password), owned: false, stop: async () => {} };
    }
    log(`Taking over the PostgreSQL server (process ${running.process.pid}) that an earlier Outrider left running.`);
    return own(home, running, password);
  }
  if (home.note) log(home.note);
  return own(home, await startPostmaster(home, password, ledger?.port, fast), password);
}

function own(home: Home, postmaster: Postmaster, password: string): EmbeddedPostgres {
  writeLedger(home, { owner: identify(process.pid), port: postmaster.port });
  const stopAtExit = () => signalStop(home, postmaster);
  process.once('exit', stopAtExit);
  let stopped: Promise<void> | undefined;
  const stop = () =>
    withLock(join(home.folder, 'starting'), async () => {
      await stopPostmaster(home, postmaster);
      writeLedger(home, { owner: null, port: postmaster.port });
      process.off('exit', stopAtExit);
    });
  return { url: serverUrl(postmaster, password), owned: true, stop: () => (stopped ??= stop()) };
}

function readLedger(home: Home): Ledger | null {
  const file = ledgerFile(home);
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Ledger;
  } catch {
    return null;
  }
}

function writeLedger(home: Home, ledger: Ledger): void {
  writeFileSync(ledgerFile(home), JSON.stringify(ledger), { mode: 0o600 });
}

function ledgerFile(home: Home): string {
  return join(home.folder, 'server.json');
}

/** The file system's own refusals, in the words of a person. */
function asSentence(error: unknown, dataDir: string): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new EmbeddedPostgresError(`The disk that holds ${dataDir} is full: free some space and start again, or set DATA_DIR to a folder on another disk.`, { cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new EmbeddedPostgresError(`${path ?? dataDir} cannot be used by this user: start Outrider as its owner, or set DATA_DIR to a folder that can be written.`, { cause: error });
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new EmbeddedPostgresError(`${path ?? dataDir} is in the way of the data folder: move it, or set DATA_DIR to another folder.`, { cause: error });
  }
  return error;
}
