import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchOptions, type BenchServer, query } from './database.ts';
import type { Figure } from './figures.ts';
import { quantile } from './measure.ts';
import { load, type LoadRequest } from './peers/load.mjs';
import { readCases } from './readCases.ts';
import { benchToken, type ServerUnderTest, startOutrider } from './serverProcess.ts';

/** Seconds that the capacity is looked for, and that too much is asked. */
const capacitySeconds = 30;
const floodSeconds = 120;
const steadyMinutes = 10;
/** As many as are served well, and as many as a flood opens. */
const connections = 64;
const floodConnections = 1_000;
const probeEveryMs = 250;

/**
 * A mix of reads and writes: first as fast as it is answered, which is what the machine can; then 80 % of that for ten
 * minutes; then twice as much, while somebody asks for health.
 */
export async function benchLoad(server: BenchServer, { minutes = steadyMinutes }: BenchOptions): Promise<Figure[]> {
  const url = await server.createDatabase('load');
  const requests = await mixOf(url);
  const outrider = await startOutrider(url, requests[0]!.body);
  try {
    const capacity = await ask(outrider, requests, { connections, duration: capacitySeconds });
    const before = await outrider.memory();
    const steady = await ask(outrider, requests, { connections, duration: minutes * 60, overallRate: Math.round(capacity.servedPerSecond * 0.8) });
    const after = await outrider.memory();
    const health = probe(outrider);
    const flood = await ask(outrider, requests, { connections: floodConnections, duration: floodSeconds, overallRate: Math.round(capacity.servedPerSecond * 2) });
    const probed = await health.stop();
    const calm = await ask(outrider, requests, { connections: 1, duration: 5 });
    const created = await countCreated(url);
    const acknowledged = capacity.created + steady.created + flood.created + calm.created;

    const at80 = `${minutes} minutes of mixed load at 80 % of what the machine can`;
    const at200 = `${floodSeconds / 60} minutes at 200 %`;
    const none = (what: string, ours: number): Figure => ({ what, unit: '', ours, goal: '0', reached: ours === 0 });
    return [
      { what: 'what the machine can, requests of the mix', unit: 'a second', ours: capacity.servedPerSecond },
      { what: `${at80}: requests`, unit: 'a second', ours: steady.servedPerSecond },
      none(`${at80}: errors and wrong answers`, steady.failed + steady.shed),
      { what: `${at80}: 50th percentile`, unit: 'ms', ours: quantile(steady.latencies, 0.5) },
      { what: `${at80}: 99th percentile`, unit: 'ms', ours: quantile(steady.latencies, 0.99) },
      memoryFigure(`${at80}: heap and buffers after, beside before`, after.used, before.used),
      { what: `${at200}: requests answered`, unit: 'a second', ours: flood.servedPerSecond, peer: 'what the machine can', theirs: capacity.servedPerSecond, ratio: flood.servedPerSecond / capacity.servedPerSecond },
      { what: `${at200}: requests told to come later (429, 503)`, unit: 'a second', ours: flood.shed / floodSeconds },
      none(`${at200}: other errors and wrong answers`, flood.failed),
      { what: `${at200}: 99th percentile of what is answered`, unit: 'ms', ours: quantile(flood.latencies, 0.99) },
      none(`${at200}: health not answered`, probed.failed),
      { what: `${at200}: 99th percentile of health`, unit: 'ms', ours: quantile(probed.latencies, 0.99) },
      { what: 'after it: 50th percentile, one request at a time', unit: 'ms', ours: quantile(calm.latencies, 0.5) },
      none('prospects that were acknowledged and are not there', Math.max(0, acknowledged - created)),
    ];
  } finally {
    await outrider.stop();
  }
}

interface Asked {
  servedPerSecond: number;
  /** ms of what was served */
  latencies: number[];
  /** told to come later */
  shed: number;
  /** no answer, another status, or an error in the answer */
  failed: number;
  /** prospects whose creation was acknowledged */
  created: number;
}

type Request = LoadRequest & { setupRequest?: (request: LoadRequest) => LoadRequest };

async function ask(outrider: ServerUnderTest, requests: Request[], options: { connections: number; duration: number; overallRate?: number }): Promise<Asked> {
  let created = 0;
  const latencies: number[] = [];
  let [shed, otherStatus] = [0, 0];
  const running = load({
    url: `${outrider.url}/graphql`,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${benchToken}` },
    requests,
    verifyBody(body) {
      if (body.startsWith('{"data":{"createProspect":{"prospect":{')) created += 1;
      return body.startsWith('{"data":') || comesLater(body);
    },
    ...options,
  });
  running.on('response', (_client: unknown, status: number, _bytes: number, ms: number) => {
    if (status === 200) latencies.push(ms);
    else if (status === 429 || status === 503) shed += 1;
    else otherStatus += 1;
  });
  const { errors, timeouts, mismatches } = await running;
  return { servedPerSecond: latencies.length / options.duration, latencies, shed, failed: errors + timeouts + mismatches + otherStatus, created };
}

const comesLater = (body: string) => body.includes('"OVERLOADED"') || body.includes('"RATE_LIMITED"');

/** Asks for health again and again until it is stopped. */
function probe({ url }: ServerUnderTest): { stop(): Promise<{ latencies: number[]; failed: number }> } {
  let goes = true;
  const asked = (async () => {
    const latencies: number[] = [];
    let failed = 0;
    while (goes) {
      for (const path of ['/health/live', '/health/ready', '/health/schema']) {
        const startedAt = performance.now();
        const isAnswered = await fetch(url + path, { signal: AbortSignal.timeout(5_000) }).then((response) => response.arrayBuffer().then(() => response.ok), () => false);
        latencies.push(performance.now() - startedAt);
        if (!isAnswered) failed += 1;
      }
      await sleep(probeEveryMs);
    }
    return { latencies, failed };
  })();
  return {
    stop() {
      goes = false;
      return asked;
    },
  };
}

/** The queries of `reads`, pages of 20 where those have 100, and one in ten creates a prospect. */
async function mixOf(url: string): Promise<Request[]> {
  const bodies = (await readCases(url)).map(({ ours, variables }) => JSON.stringify({ query: ours, variables: 'first' in variables.ours ? { first: 20 } : variables.ours }));
  const [page, one, jobs, drafts, counts] = bodies as [string, string, string, string, string];
  const search = JSON.stringify({ query: '{ prospects(first: 20, filter: { search: "project" }) { nodes { id displayName email } } }' });
  let made = 0;
  const create = {
    body: '',
    setupRequest: (request: LoadRequest) => ({
      ...request,
      body: JSON.stringify({
        query: 'mutation Create($input: CreateProspectInput!) { createProspect(input: $input) { prospect { id } userErrors { code message } } }',
        variables: { input: { displayName: 'Loaded', profileUrl: `https://loaded.example/${made++}` } },
      }),
    }),
  };
  return [...[page, one, drafts, page, search, one, jobs, page, counts].map((body) => ({ body })), create];
}

async function countCreated(url: string): Promise<number> {
  const [counted] = await query<{ n: number }>(url, `select count(*)::int as n from prospects where display_name = 'Loaded'`);
  return counted!.n;
}

/** A fifth more may be in use: caches fill. */
function memoryFigure(what: string, ours: number, theirs: number): Figure {
  const ratio = ours / theirs;
  return { what, unit: 'MB', ours: ours / 1e6, peer: 'before', theirs: theirs / 1e6, ratio, goal: '≤ 1.2', reached: ratio <= 1.2 };
}
