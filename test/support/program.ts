import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { buildProgram } from './build.ts';

await buildProgram();
const program = join(import.meta.dirname, '../../dist/index.js');

export interface Ended {
  /** null when a signal ended it */
  code: number | null;
  out: string;
  err: string;
}

export interface Program {
  process: ChildProcess;
  /** what matched on standard output; rejects with standard error when the program ends before */
  says(pattern: RegExp): Promise<string>;
  ended: Promise<Ended>;
}

/** Starts the built `outrider`, as a process of its own, with nothing of this environment but PATH and `environment`. */
export function startOutrider(args: readonly string[], environment: Record<string, string>): Program {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0', LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  const ended = new Promise<Ended>((done) => child.on('close', (code) => done({ code, out, err })));
  return {
    process: child,
    says: (pattern) =>
      new Promise((done, fail) => {
        const look = () => {
          const found = pattern.exec(out);
          if (found) done(found[0]);
        };
        child.stdout.on('data', look);
        look();
        void ended.then(() => fail(new Error(`It ended before it said ${String(pattern)}: ${out}${err}`)));
      }),
    ended,
  };
}

/** Runs a command to its end. */
export function runOutrider(args: readonly string[], environment: Record<string, string>): Promise<Ended> {
  return startOutrider(args, environment).ended;
}
