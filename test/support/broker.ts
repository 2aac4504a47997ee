import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from './waitFor.ts';

/** Debian puts servers where an ordinary user's PATH does not look. */
const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/local/sbin:/usr/sbin` };

export interface BrokerProgram {
  kind: 'redis' | 'nats';
  scheme: 'redis' | 'nats';
  /** with TLS */
  secureScheme: 'rediss' | 'tls';
  command: string;
  args(port: number, options: BrokerOptions, folder: string): string[];
}

export interface BrokerOptions {
  password?: string;
  tls?: { certificate: string; key: string };
  /** with a user "reader" whose password is "reads", and who may publish nothing */
  readOnly?: boolean;
}

export const redis: BrokerProgram = {
  kind: 'redis',
  scheme: 'redis',
  secureScheme: 'rediss',
  command: 'redis-server',
  args: (port, { password, tls, readOnly }, folder) => [
    ...(readOnly ? [written(join(folder, 'redis.conf'), 'user reader on >reads allchannels +@all -publish\n')] : []),
    ...(tls ? ['--port', '0', '--tls-port', `${port}`, '--tls-cert-file', tls.certificate, '--tls-key-file', tls.key, '--tls-auth-clients', 'no'] : ['--port', `${port}`]),
    '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no',
    ...(password ? ['--requirepass', password] : []),
  ],
};

export const nats: BrokerProgram = {
  kind: 'nats',
  scheme: 'nats',
  secureScheme: 'tls',
  command: 'nats-server',
  args: (port, { password, tls, readOnly }, folder) => [
    ...(readOnly ? ['--config', written(join(folder, 'nats.conf'), 'authorization { users = [{ user: reader, password: reads, permissions: { publish: "nothing" } }] }')] : []),
    '--addr', '127.0.0.1', '--port', `${port}`,
    ...(password ? ['--user', 'outrider', '--pass', password] : []),
    ...(tls ? ['--tls', '--tlscert', tls.certificate, '--tlskey', tls.key] : []),
  ],
};

/** Whether it is installed; where it is not, says which package brings it. */
export function isInstalled({ command }: BrokerProgram): boolean {
  const found = spawnSync(command, ['--version'], { env }).status === 0;
  if (!found) console.warn(`There is no ${command} on the PATH (apt-get install ${command}): the tests with it are skipped.`);
  return found;
}

/** A real broker on a port that stays its own when it is started again. */
export class BrokerServer {
  readonly #program: BrokerProgram;
  readonly #options: BrokerOptions;
  readonly #folder = mkdtempSync(join(tmpdir(), 'outrider-broker-'));
  readonly port: number;
  #process: ChildProcess | null = null;

  private constructor(program: BrokerProgram, port: number, options: BrokerOptions) {
    this.#program = program;
    this.#options = options;
    this.port = port;
  }

  /** Not started yet. */
  static async of(program: BrokerProgram, options: BrokerOptions = {}): Promise<BrokerServer> {
    return new BrokerServer(program, await freePort(), options);
  }

  static async start(program: BrokerProgram, options: BrokerOptions = {}): Promise<BrokerServer> {
    const server = await BrokerServer.of(program, options);
    await server.start();
    return server;
  }

  /** `credentials`: "user:password" */
  url({ credentials = '', path = '' } = {}): string {
    const { scheme, secureScheme } = this.#program;
    return `${this.#options.tls ? secureScheme : scheme}://${credentials && `${credentials}@`}127.0.0.1:${this.port}${path}`;
  }

  async start(): Promise<void> {
    this.#process = spawn(this.#program.command, this.#program.args(this.port, this.#options, this.#folder), { env, cwd: this.#folder, stdio: 'ignore' });
    await waitFor(() => listens(this.port));
  }

  /** SIGSTOP: it says nothing any more, and its connections stay open. */
  silence(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    child?.kill('SIGKILL');
    await waitFor(() => !child || child.exitCode !== null || child.signalCode !== null);
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function written(path: string, text: string): string {
  writeFileSync(path, text);
  return path;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
  });
}
