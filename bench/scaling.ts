import { availableParallelism } from 'node:os';
import { type BenchServer, seedProspects } from './database.ts';
import { runDraftJob } from './draftJob.ts';
import { compared, type Figure } from './figures.ts';
import { alternate, median } from './measure.ts';
import { readCases } from './readCases.ts';
import { startOutrider, type ServerUnderTest } from './serverProcess.ts';
import { type Usage, watchUsage } from './usage.ts';

const counts = [1, 2, 4] as const;
const prospects = 20_000;
const draftRounds = 2;
const pageRounds = 3;
const pages = 200;

interface Run {
  perSecond: number;
  usage: Usage;
}

/** One, two and four workers on one job, and servers on one page, over one PostgreSQL on this machine. */
export async function benchScaling(server: BenchServer): Promise<Figure[]> {
  return [...(await scaleWorkers(server)), ...(await scaleServers(server))];
}

async function scaleWorkers(server: BenchServer): Promise<Figure[]> {
  const runs = new Map<number, Run[]>(counts.map((count) => [count, []]));
  for (let round = 0; round < draftRounds; round++) {
    for (const workers of round % 2 ? counts.toReversed() : counts) {
      const url = await server.createDatabase(`scaling_${workers}_${round}`);
      await seedProspects(url, prospects, 0);
      const { ms, usage } = await runDraftJob(url, { prospects, workers });
      runs.get(workers)!.push({ perSecond: (prospects / ms) * 1000, usage });
    }
  }
  return figures(runs, 'worker', 'drafts of one job');
}

async function scaleServers(server: BenchServer): Promise<Figure[]> {
  const url = await server.createDatabase('scaling_pages');
  const [page] = await readCases(url);
  const body = JSON.stringify({ query: page!.ours, variables: page!.variables.ours });
  const servers: ServerUnderTest[] = [];
  const run = (count: number) => async (): Promise<Run> => {
    const used = servers.slice(0, count);
    const usage = await watchUsage(url, used.map(({ pid }) => pid));
    const startedAt = performance.now();
    await Promise.all(used.map((one) => one.load(pages / count)));
    return { perSecond: pages / ((performance.now() - startedAt) / 1000), usage: await usage() };
  };
  try {
    // One after the other: a start that has to share its processors with three others may give its database up.
    while (servers.length < Math.max(...counts)) servers.push(await startOutrider(url, body));
    const runs = await alternate(pageRounds, { 1: run(1), 2: run(2), 4: run(4) });
    return figures(new Map(Object.entries(runs).map(([count, its]) => [Number(count), its])), 'server', page!.what);
  } finally {
    await Promise.all(servers.map((one) => one.stop()));
  }
}

/** Per count: how much more than one does, what each piece of work costs, and who had the processors. */
function figures(runs: ReadonlyMap<number, readonly Run[]>, what: 'worker' | 'server', work: string): Figure[] {
  const alone = runs.get(1)!;
  const perSecond = (its: readonly Run[]) => its.map((run) => run.perSecond);
  const cost = (its: readonly Run[]) => its.map(({ perSecond, usage: { cores } }) => (1000 * (cores.watched + cores.postgresql)) / perSecond);
  return [...runs].flatMap(([count, its]) => {
    const name = `${count} ${what}${count > 1 ? 's' : ''}`;
    const throughput = compared(`${work}, ${name}`, 'a second', perSecond(its), `one ${what}`, perSecond(alone));
    if (its.some(({ usage }) => Number.isNaN(usage.cores.watched))) return [throughput];
    const cores = (who: keyof Usage['cores']) => median(its.map(({ usage }) => usage.cores[who]));
    return [
      throughput,
      compared(`${name} and PostgreSQL, CPU of each`, 'ms', cost(its), `one ${what}`, cost(alone)),
      { what: `processors in use by ${name}; ${saturated(its)}`, unit: 'cores', ours: cores('watched'), peer: 'PostgreSQL', theirs: cores('postgresql') },
    ];
  });
}

/** All processors in use: more processes can only help on more machines. */
const full = 0.9;

/** What keeps it from going faster. */
function saturated(runs: readonly Run[]): string {
  const busy = median(runs.map(({ usage }) => usage.busy));
  const cores = (pick: (cores: Usage['cores']) => number) => median(runs.map(({ usage }) => pick(usage.cores))).toFixed(2);
  const others = median(runs.map(({ usage: { busy, cores } }) => busy * availableParallelism() - cores.watched - cores.postgresql - cores.clients));
  const machine = `clients ${cores(({ clients }) => clients)}, other programs ${Math.max(0, others).toFixed(2)}`;
  if (busy >= full) return `${machine}; all processors are in use, which is the limit`;
  return `${machine}; ${Math.round(busy * 100)} % in use, PostgreSQL mostly at ${[...new Set(runs.map(({ usage }) => usage.mostly))].join(' or ')}`;
}
