/**
 * `npm run drift-matrix [-- --pg 15,18 --only sequence,"column: jobs" --limit N --peer N --json FILE]`: every object of the
 * expected catalog, and of a second schema of the classes that it has not, through every change that applies to it.
 * Exits with 1 when a change was missed, misnamed, or said of what is harmless.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { migrate } from '../../src/migrate/migrate.ts';
import { queryOnce } from '../support/database.ts';
import { nameOf, type Change } from './change.ts';
import { evenly } from './evenly.ts';
import { faultsAsData, faultsIn, listFaults, summaryTable } from './summary.ts';
import { installVersions, startVersion, versions } from './versions.ts';
import { walk, type Step, type WalkOptions } from './walk.ts';
import { makeWorkshop } from './workshop.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { pg: text, only: text, limit: text, peer: { ...text, default: '1000' }, schema: text, json: text } });
const chosen = values.pg?.split(',') ?? [...versions];
const unknown = chosen.filter((version) => !versions.includes(version as (typeof versions)[number]));
if (unknown.length > 0) throw new Error(`No PostgreSQL ${unknown.join(', ')}: there are ${versions.join(', ')}.`);

const WALKERS = 2;

installVersions();
// The server is stopped at exit, which a signal alone does not cause.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const all: { version: string; steps: Step[] }[] = [];
for (const version of chosen) all.push({ version, steps: await walkVersion(version) });
for (const { version, steps } of all) {
  console.log(`\nPostgreSQL ${version}\n\n${summaryTable(steps)}`);
  const faults = listFaults(steps);
  if (faults) console.log(`\n${faults}`);
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(all.map(({ version, steps }) => ({ version, changes: steps.length, faults: faultsAsData(steps) })), null, 2)}\n`);
process.exitCode = all.some(({ steps }) => steps.length === 0 || faultsIn(steps).length > 0) ? 1 : 0;

async function walkVersion(version: string): Promise<Step[]> {
  const server = await startVersion(version);
  try {
    const started = performance.now();
    const steps: Step[] = [];
    if (values.schema !== 'workshop') {
      const url = await createDatabase(server.url, 'ours', '');
      await migrate({ url, appliedBy: 'drift matrix' });
      steps.push(...(await walkTogether(server.url, 'ours', { peer: true })));
    }
    if (values.schema !== 'ours') {
      const expected = await makeWorkshop(await createDatabase(server.url, 'workshop', ''));
      steps.push(...(await walkTogether(server.url, 'workshop', { expected })));
    }
    console.error(`PostgreSQL ${version}: ${steps.length} changes in ${Math.round((performance.now() - started) / 1000)} s, ${faultsIn(steps).length} faults.`);
    return steps;
  } finally {
    await server.stop();
  }
}

/** Several walkers on copies of the database, each taking its share; each in its own database, where no lock of another is seen. */
async function walkTogether(server: string, template: string, { expected, peer }: { expected?: WalkOptions['expected']; peer?: boolean }): Promise<Step[]> {
  const walkers = Array.from({ length: WALKERS }, (_, index) => index);
  const copies: string[] = [];
  for (const index of walkers) copies.push(await createDatabase(server, `${template}_${index}`, `template ${template}`));
  const walks = copies.map((url, index) => walk({ url, expected, choose: (changes) => chooseFrom(changes).filter((_, place) => place % WALKERS === index), askPeer: peer ? Number(values.peer) / WALKERS : 0 }));
  // All have to end before the server is stopped, whatever happens to one.
  const ends = await Promise.allSettled(walks);
  return ends.flatMap((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}

function chooseFrom(changes: Change[]): Change[] {
  const only = values.only?.split(',') ?? [''];
  const wanted = changes.filter((change) => only.some((start) => nameOf(change).startsWith(start)));
  return values.limit === undefined ? wanted : evenly(wanted, Number(values.limit));
}

async function createDatabase(server: string, name: string, source: string): Promise<string> {
  await queryOnce(server, `create database ${name} ${source}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
