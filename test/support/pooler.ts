import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { queryOnce } from './database.ts';
import { waitFor } from './waitFor.ts';

const program = 'pgbouncer';
// Debian puts it where only root looks.
const path = [process.env['PATH'], '/usr/sbin'].join(delimiter);

export const hasPooler = spawnSync(program, ['--version'], { env: { PATH: path } }).status === 0;
if (!hasPooler) console.warn('There is no pgbouncer on the PATH (apt-get install pgbouncer): the tests with a pooler are skipped.');

export interface Pooler {
  /** the database, through the pooler */
  url: string;
  stop(): Promise<void>;
}

/** PgBouncer in transaction mode in front of a database; `settings` are lines of its section [pgbouncer]. */
export async function startPooler(databaseUrl: string, ...settings: string[]): Promise<Pooler> {
  const port = await freePort();
  const folder = configure(new URL(databaseUrl), port, settings);
  // PgBouncer refuses to be root.
  const asOther = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const pooler = spawn(program, [...asOther, join(folder, 'pgbouncer.ini')], { stdio: 'ignore', env: { PATH: path } });
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  await waitFor(() => queryOnce(url.href, 'select 1'));
  return {
    url: url.href,
    async stop() {
      pooler.kill('SIGTERM');
      await waitFor(() => pooler.exitCode !== null || pooler.signalCode !== null);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configure({ hostname, port, username, password, pathname }: URL, listenPort: number, settings: readonly string[]): string {
  const made = mkdtempSync(join(tmpdir(), 'outrider-pooler-'));
  const name = pathname.slice(1);
  const files = {
    'users.txt': `"${username}" "${decodeURIComponent(password)}"\n`,
    'pgbouncer.ini': `[databases]
${name} = host=${hostname} port=${port} dbname=${name}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = plain
auth_file = ${join(made, 'users.txt')}
pool_mode = transaction
${settings.join('\n')}
`,
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(made, file), text, { mode: 0o644 });
  chmodSync(made, 0o755);
  return made;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
