import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One process, told apart from a later one that was given the same pid. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, as its system says it; opaque. */
  startedAt: string;
}

/** The identity of a living process; null when there is none with this pid, or only its zombie. */
export function identify(pid: number): ProcessIdentity | null {
  if (process.platform === 'linux') {
    const stat = readOrNull(`/proc/${pid}/stat`);
    // The second field is the command in brackets and may itself contain blanks and brackets.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields?.[19] && !'ZX'.includes(fields[0] ?? '') ? { pid, startedAt: fields[19] } : null;
  }
  if (process.platform === 'win32') return exists(pid) ? { pid, startedAt: '' } : null;
  const startedAt = ps(pid, 'lstart=');
  return startedAt ? { pid, startedAt } : null;
}

/** Whether exactly this process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startedAt === identity.startedAt;
}

/** The command line of a living process, its arguments joined by blanks; empty when it cannot be read. */
export function commandLine(pid: number): string {
  if (process.platform === 'linux') return (readOrNull(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ').trim();
  return process.platform === 'win32' ? '' : ps(pid, 'command=');
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function ps(pid: number, column: string): string {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
