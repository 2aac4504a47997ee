import type { BenchServer } from './database.ts';
import { compared, type Figure, within } from './figures.ts';
import { alternate } from './measure.ts';
import { type ReadCase, readCases } from './readCases.ts';
import { startOutrider, type ServerUnderTest, startServerUnderTest } from './serverProcess.ts';

const requests = 200;
const rounds = 5;
/** of the page, on the machine of docs/benchmarks.md */
const mostCpu = 2;

/** What clients read most, beside three peers: CPU of the Node process a request, and how long a request takes when 8 ask at a time. */
export async function benchReads(server: BenchServer): Promise<Figure[]> {
  const url = await server.createDatabase('reads');
  const cases = await readCases(url);
  const bodies = cases.map(({ ours, variables }) => JSON.stringify({ query: ours, variables: variables.ours }));
  const first = bodies[0]!;
  const environment = { DATABASE_URL: url };
  const servers = {
    outrider: await startOutrider(url, first),
    postgraphile: await startServerUnderTest({ program: 'peers/postgraphile.mjs', environment, path: '/graphql', body: JSON.stringify({ query: '{ __typename }' }) }),
    mercurius: await startServerUnderTest({ program: 'peers/mercurius.mjs', environment, path: '/graphql', body: first }),
    byHand: await startServerUnderTest({ program: 'peers/byHand.mjs', environment, path: '/', body: first }),
  };
  try {
    const figures: Figure[] = [];
    for (const one of cases) figures.push(...(await benchCase(one, servers)));
    return figures;
  } finally {
    await Promise.all(Object.values(servers).map((candidate) => candidate.stop()));
  }
}

type Servers = Record<'outrider' | 'postgraphile' | 'mercurius' | 'byHand', ServerUnderTest>;

async function benchCase(one: ReadCase, servers: Servers): Promise<Figure[]> {
  const body = JSON.stringify({ query: one.ours, variables: one.variables.ours });
  const bodies = { outrider: body, postgraphile: JSON.stringify({ query: one.theirs, variables: one.variables.theirs }), mercurius: body, byHand: body };
  for (const [name, candidate] of Object.entries(servers)) checkAnswer(name, one, await candidate.send(bodies[name as keyof Servers]));
  const of = (name: keyof Servers) => () => measure(servers[name], bodies[name]);
  const cost = await alternate(rounds, { outrider: of('outrider'), postgraphile: of('postgraphile'), mercurius: of('mercurius'), byHand: of('byHand') });
  const isPage = one.rows.count > 100;
  const cpu = (name: keyof Servers) => cost[name].map((round) => round.cpu);
  const wall = (name: keyof Servers) => cost[name].map((round) => round.wall);
  const what = `${one.what}, Node CPU`;
  return [
    ...(isPage ? [within(what, 'ms', cpu('outrider'), mostCpu)] : []),
    compared(what, 'ms', cpu('outrider'), 'PostGraphile 5', cpu('postgraphile'), { atMost: one.goal }),
    compared(what, 'ms', cpu('outrider'), 'Mercurius with its JIT', cpu('mercurius')),
    compared(what, 'ms', cpu('outrider'), 'node:http, graphql-jit and SQL by hand', cpu('byHand'), isPage ? { atMost: 2 } : undefined),
    compared(`${one.what}, time at 8 clients`, 'ms', wall('outrider'), 'PostGraphile 5', wall('postgraphile')),
  ];
}

/** ms a request */
async function measure(candidate: ServerUnderTest, body: string): Promise<{ cpu: number; wall: number }> {
  const before = await candidate.cpu();
  const started = performance.now();
  await candidate.load(requests, body);
  return { wall: (performance.now() - started) / requests, cpu: ((await candidate.cpu()) - before) / requests };
}

function checkAnswer(name: string, { what, rows: { field, count } }: ReadCase, answer: string): void {
  const found = answer.split(`"${field}":`).length - 1;
  if (answer.includes('"errors"') || (field && found !== count)) throw new Error(`${what}: ${name} answered ${found} rows instead of ${count}: ${answer.slice(0, 300)}`);
}
