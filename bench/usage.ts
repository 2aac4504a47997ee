import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import pg from 'pg';

/** What the machine did over a while. */
export interface Usage {
  /** processors in use, on average; NaN where there is no /proc */
  cores: { watched: number; postgresql: number; clients: number };
  /** of all processors, 0 to 1, whoever used them */
  busy: number;
  /** what PostgreSQL's sessions did most, when looked at: "CPU", or a wait event such as "LWLock:WALWrite" */
  mostly: string;
}

const sampleEveryMs = 200;

/** Watches these processes, the PostgreSQL of `url` and this process (the clients) until the answer is called. */
export async function watchUsage(url: string, pids: readonly number[]): Promise<() => Promise<Usage>> {
  const client = new pg.Client({ connectionString: url });
  // What fails meanwhile fails in what is measured too.
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const postmaster = parentOf(rows[0]!.pid);
  const cpu = () => ({ watched: sum(pids.map(ownSeconds)), postgresql: treeSeconds(postmaster), clients: ownSeconds(process.pid), ...machine() });
  const seen = new Map<string, number>();
  const look = async () => {
    const { rows } = await client.query<{ what: string }>(
      `select coalesce(wait_event_type || ':' || wait_event, 'CPU') as what from pg_stat_activity
       where state = 'active' and backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    for (const { what } of rows) seen.set(what, (seen.get(what) ?? 0) + 1);
  };
  const [before, startedAt] = [cpu(), performance.now()];
  const timer = setInterval(() => void look().catch(() => {}), sampleEveryMs);
  return async () => {
    clearInterval(timer);
    const [after, seconds] = [cpu(), (performance.now() - startedAt) / 1000];
    await client.end();
    const cores = (who: 'watched' | 'postgresql' | 'clients') => (after[who] - before[who]) / seconds;
    return {
      cores: { watched: cores('watched'), postgresql: cores('postgresql'), clients: cores('clients') },
      busy: (after.used - before.used) / (after.all - before.all),
      mostly: [...seen].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 'nothing',
    };
  };
}

/** Bytes that the process had resident at most so far; NaN where there is no /proc. */
export function peakMemory(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) * 1024;
  } catch {
    return Number.NaN;
  }
}

/** Fields of /proc/PID/stat from the state on (proc(5)), after the name, which may contain anything. */
function stat(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

const ticksPerSecond = 100;
const ticks = (fields: readonly string[], ...places: number[]) => sum(places.map((place) => Number(fields[place]))) / ticksPerSecond;

function ownSeconds(pid: number): number {
  try {
    return ticks(stat(pid), 11, 12);
  } catch {
    return Number.NaN;
  }
}

/** With its children, those included that have ended. */
function treeSeconds(postmaster: number): number {
  try {
    const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => parentOf(pid) === postmaster);
    return ticks(stat(postmaster), 11, 12, 13, 14) + sum(children.map(ownSeconds).filter((seconds) => !Number.isNaN(seconds)));
  } catch {
    return Number.NaN;
  }
}

function parentOf(pid: number): number {
  try {
    return Number(stat(pid)[1]);
  } catch {
    return Number.NaN;
  }
}

function machine(): { used: number; all: number } {
  const times = cpus().map((cpu) => cpu.times);
  const all = sum(times.map(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq));
  return { all, used: all - sum(times.map(({ idle }) => idle)) };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
