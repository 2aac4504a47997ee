import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isRunning, type ProcessIdentity } from './processes.ts';

/**
 * Runs `action` while no other process does so under the same lock file. A lock whose holder died is taken over.
 * The file appears by link(2), so it is never seen half written.
 */
export async function withLock<T>(path: string, action: () => Promise<T>): Promise<T> {
  const mine = `${path}.${randomUUID()}`;
  writeFileSync(mine, JSON.stringify(identify(process.pid)));
  try {
    while (!takeLock(mine, path)) {
      if (!breakDeadLock(path)) await sleep(50);
    }
    try {
      return await action();
    } finally {
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

function takeLock(mine: string, path: string): boolean {
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a dead holder's lock out of the way; whoever moves it first has done it for all. */
function breakDeadLock(path: string): boolean {
  const aside = `${path}.${randomUUID()}`;
  try {
    if (isRunning(JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity)) return false;
    renameSync(path, aside);
    // Between the reading and the renaming another process may have broken it too and taken it anew: give it back.
    if (isRunning(JSON.parse(readFileSync(aside, 'utf8')) as ProcessIdentity)) linkSync(aside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
