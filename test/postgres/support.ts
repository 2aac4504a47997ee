import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from '../../src/postgres/embedded.ts';

export const isRoot = process.getuid?.() === 0;

const program = fileURLToPath(new URL('./serverProcess.ts', import.meta.url));
const folders: string[] = [];
const servers: EmbeddedPostgres[] = [];

/** A folder of one's own that every user can reach. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'outrider-postgres-'));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

/** Starts a server that `cleanUp` stops. */
export async function start(dataDir: string, options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, fast: true, cacheDir: join(dataDir, 'cache'), ...options });
  servers.push(postgres);
  return postgres;
}

export async function stopServers(): Promise<void> {
  for (const server of servers.splice(0)) await server.stop();
}

export async function cleanUp(): Promise<void> {
  await stopServers();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export interface ServerProcess {
  child: ChildProcess;
  url: string;
  owned: boolean;
  /** The next line that it prints. */
  nextLine(): Promise<string | undefined>;
  exited: Promise<number | null>;
}

/** Another Outrider that has or shares the server. */
export async function startProcess(
  options: Partial<EmbeddedPostgresOptions> & { exitWithoutStop?: boolean },
  as: { uid?: number; gid?: number; detached?: boolean } = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['--no-warnings', program, JSON.stringify(options)], { ...as, stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = new Promise<number | null>((done) => child.on('close', done));
  const nextLine = async () => ((await lines.next()) as IteratorResult<string>).value as string | undefined;
  const first = await nextLine();
  if (!first) throw new Error(errors);
  return { child, ...(JSON.parse(first) as { url: string; owned: boolean }), nextLine, exited };
}

/** The pid that PostgreSQL wrote into its folder. */
export function postmasterPid(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
}
