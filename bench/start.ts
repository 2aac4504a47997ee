import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BenchServer } from './database.ts';
import { compared, type Figure, within } from './figures.ts';
import { alternate } from './measure.ts';
import { benchToken, stopProcess } from './serverProcess.ts';

const rounds = 9;

interface Start {
  /** from spawn to the line that says it is ready, ms */
  wall: number;
  /** of the process and all its threads until then, ms */
  cpu: number;
}

/** `serve` on a warm database, from its start until it says that it is ready. */
export async function benchStart(server: BenchServer): Promise<Figure[]> {
  const url = await server.createDatabase('start');
  const starts = await alternate(rounds, {
    outrider: () => start('../dist/index.js', ['serve'], { DATABASE_URL: url, OUTRIDER_TOKEN: benchToken, PORT: '0', LOG_LEVEL: 'warn' }),
    imports: () => start('peers/imports.mjs'),
    nothing: () => start('peers/nothing.mjs'),
  });
  const of = (name: keyof typeof starts, part: keyof Start) => starts[name].map((measured) => measured[part]);
  return [
    within('serve, from its start until it is ready', 'ms', of('outrider', 'wall'), 1500),
    compared('serve until it is ready, CPU', 'ms', of('outrider', 'cpu'), 'import of Apollo Server and type-graphql', of('imports', 'cpu')),
    compared('serve until it is ready, CPU', 'ms', of('outrider', 'cpu'), 'Node.js doing nothing', of('nothing', 'cpu')),
  ];
}

async function start(program: string, args: string[] = [], environment: Record<string, string> = {}): Promise<Start> {
  const started = performance.now();
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), args, {
    execArgv: ['--import', new URL('reportUsage.mjs', import.meta.url).href],
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  try {
    await untilReady(child, program);
    const wall = performance.now() - started;
    child.send('cpu');
    const [usage] = (await once(child, 'message')) as [NodeJS.CpuUsage];
    return { wall, cpu: (usage.user + usage.system) / 1000 };
  } finally {
    await stopProcess(child);
  }
}

function untilReady(child: ChildProcess, program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => String(chunk).includes('ready') && resolve());
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code} before it was ready.`)));
  });
}
