import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { waitFor } from '../../support/waitFor.ts';

const program = join(import.meta.dirname, '../../../dist/index.js');
const clock = pathToFileURL(join(import.meta.dirname, '../clock.mjs')).href;

export type Part = 'serve' | 'worker';

/** One `outrider serve` or `outrider worker` that is killed and started again. */
export class OutriderProcess {
  readonly part: Part;
  readonly name: string;
  /** of a server, once it is ready; another one after each start */
  url: string | null = null;
  /** how it ended when nobody had asked it to */
  readonly unasked: string[] = [];
  readonly #environment: Record<string, string>;
  readonly #logFile: string;
  #child: ChildProcess | null = null;
  #asked = false;

  constructor(part: Part, name: string, environment: Record<string, string>, logFolder: string) {
    this.part = part;
    this.name = name;
    this.#environment = environment;
    this.#logFile = join(logFolder, `${name}.log`);
  }

  get isRunning(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when it says that it is ready; does nothing for one that runs. */
  async start({ clockOffsetMs = 0 } = {}): Promise<void> {
    if (this.isRunning) return;
    this.#asked = false;
    const shifted: Record<string, string> = clockOffsetMs === 0 ? {} : { NODE_OPTIONS: `--import ${clock}`, CLOCK_OFFSET_MS: String(clockOffsetMs) };
    const child = spawn(process.execPath, [program, this.part], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0', LOG_LEVEL: 'info', DRAIN_SECONDS: '0', ...this.#environment, ...shifted },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const log = createWriteStream(this.#logFile, { flags: 'a' });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => {
      log.write(chunk);
      if (said.length < 20_000) said += String(chunk);
    });
    child.on('exit', (code, signal) => {
      log.end();
      if (!this.#asked) this.unasked.push(`${this.name} ended with ${signal ?? code}: ${said.slice(-500)}`);
    });
    const ready = this.part === 'serve' ? /ready at (http:\S+)/ : /worker started/;
    const found = await waitFor(() => {
      if (!this.isRunning) throw new Error(`${this.name} ended before it was ready: ${said}`);
      return ready.exec(said);
    }, { timeoutMs: 60_000 });
    this.url = found[1] ?? null;
  }

  /** Sends a signal that ends it, and waits until it has ended; answers the exit code, null after a signal. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (!child || !this.isRunning) return null;
    this.#asked = true;
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    return (await ended)[0];
  }

  /** SIGSTOP and SIGCONT. */
  send(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }
}
