/** `npm run bench [-- --only NAME,…] [--rows N] [--minutes N] [--json FILE] [--markdown FILE]`: every benchmark with its peers, in one run. */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { BenchOptions, BenchServer } from './database.ts';
import { type Figure, table } from './figures.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { only: text, csv: text, rows: text, minutes: text, json: text, markdown: text } });

const here = fileURLToPath(new URL('.', import.meta.url));
if (!existsSync(`${here}node_modules`)) {
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: 'inherit' });
  if (status !== 0) throw new Error('The peers could not be installed.');
}

// Only now: these modules need the peers.
const { startServer } = await import('./database.ts');
const benchmarks: Record<string, (server: BenchServer, options: BenchOptions) => Promise<Figure[]>> = {
  reads: (await import('./reads.ts')).benchReads,
  connections: (await import('./connections.ts')).benchConnections,
  growth: (await import('./growth.ts')).benchGrowth,
  import: (await import('./import.ts')).benchImport,
  drafts: (await import('./drafts.ts')).benchDrafts,
  review: (await import('./review.ts')).benchReview,
  subscriptions: (await import('./subscriptions.ts')).benchSubscriptions,
  scaling: (await import('./scaling.ts')).benchScaling,
  dashboard: (await import('./dashboard.ts')).benchDashboard,
  schema: (await import('./schemaCheck.ts')).benchSchemaCheck,
  load: (await import('./load.ts')).benchLoad,
  start: (await import('./start.ts')).benchStart,
};

const names = values.only?.split(',') ?? Object.keys(benchmarks);
const unknown = names.filter((name) => !benchmarks[name]);
if (unknown.length) throw new Error(`No benchmark ${unknown.join(', ')}: there are ${Object.keys(benchmarks).join(', ')}.`);

const numberOf = (value: string | undefined) => (value === undefined ? undefined : Number(value));
const options: BenchOptions = { csv: values.csv, rows: numberOf(values.rows), minutes: numberOf(values.minutes) };

const server = await startServer();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop().finally(() => process.exit(130)));
const figures: Figure[] = [];
try {
  for (const name of names) {
    console.error(`${name} …`);
    figures.push(...((await benchmarks[name]?.(server, options)) ?? []));
  }
} finally {
  await server.stop();
}

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  platform: `${process.platform} ${process.arch}`,
  node: process.version,
  postgresql: 'embedded, 127.0.0.1, fsync on',
};
console.log(table(figures));
if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, figures }, null, 2)}\n`);
if (values.markdown) {
  const size = `${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB, ${machine.platform}, Node ${machine.node}, PostgreSQL ${machine.postgresql}`;
  writeFileSync(values.markdown, `${size}.\n\n${table(figures)}\n`);
}
