import { type ChildProcess, fork } from 'node:child_process';
import { on } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type BenchServer, query } from './database.ts';
import { compared, type Figure, within } from './figures.ts';
import { alternate } from './measure.ts';
import { benchToken, type Memory, type ServerUnderTest, startOutrider, startServerUnderTest, stopProcess } from './serverProcess.ts';
import { type AllHeard, type Heard, now, type Subscribing } from './subscribers.ts';

const sockets = 5_000;
const perSecond = 4;
const seconds = 4;
const rounds = 3;
/** How long all sockets may take to hear of one event, before the run is given up (ms). */
const patienceMs = 60_000;
/** How long a server has to say who did not introduce themselves: until then it keeps a timer for each socket (ms). */
const settleMs = 6_000;

const progress = `subscription Progress($id: ID!) { jobProgress(id: $id) {
  sequence status processed totalTargets draftsCreated failedCount skippedCount ratePerSecond etaSeconds at } }`;

/** 5,000 sockets that watch one job of one server, beside as many that a bare `ws` broadcasts the same message to. */
export async function benchSubscriptions(server: BenchServer): Promise<Figure[]> {
  const url = await server.createDatabase('subscriptions');
  const [job] = await query<{ id: string }>(url, insertJob);
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  const outrider = await startOutrider(url, JSON.stringify({ query: '{ viewer { name } }' }));
  const bare = await startServerUnderTest({ program: 'peers/broadcast.mjs', environment: {}, path: '/', body: '' });
  try {
    const graphql = { authorization: `Bearer ${benchToken}`, query: progress, variables: { id: Buffer.from(`Job:${job!.id}`).toString('base64url') } };
    const ours = await Audience.open(outrider, { url: `${outrider.url}/graphql`, sockets, graphql });
    const theirs = await Audience.open(bare, { url: bare.url, sockets });
    try {
      const noticed = () => notice(database, job!.id);
      const message = (await ours.hear(1, noticed)).sample;
      let sequence = 0;
      const broadcast = async () => {
        const told = now();
        sequence++;
        await bare.send(message.replace(/"sequence":\d+/, `"sequence":${sequence}`));
        return [sequence, told] as const;
      };
      const costs = await alternate(rounds, { ours: () => ours.measure(noticed), theirs: () => theirs.measure(broadcast) });
      await sleep(settleMs);
      return figures({ rounds: costs.ours, memory: await ours.memory() }, { rounds: costs.theirs, memory: await theirs.memory() });
    } finally {
      await Promise.all([ours.close(), theirs.close()]);
    }
  } finally {
    await Promise.all([outrider.stop(), bare.stop(), database.end()]);
  }
}

const insertJob = `insert into jobs (id, job_type, status, started_at, total_targets, done_count)
  values (gen_random_uuid(), 'draft', 'running', now(), 1000000, 0) returning id`;

/** Tells every server that the job has moved; its sequence, and when it was told. */
async function notice(database: pg.Client, jobId: string): Promise<readonly [number, number]> {
  const { rows } = await database.query<{ sequence: string }>(
    'update jobs set sequence = sequence + 1, done_count = done_count + 1000 where id = $1 returning sequence', [jobId],
  );
  const sequence = Number(rows[0]!.sequence);
  const told = now();
  await database.query(`select pg_notify('outrider_jobs', $1)`, [JSON.stringify([[jobId, sequence]])]);
  return [sequence, told];
}

type Tell = () => Promise<readonly [sequence: number, at: number]>;

/** The sockets on one server, and what each of them costs it. */
class Audience {
  readonly #server: ServerUnderTest;
  readonly #clients: ChildProcess;
  readonly #messages: NodeJS.AsyncIterator<unknown[]>;
  readonly #before: Memory;

  private constructor(server: ServerUnderTest, clients: ChildProcess, before: Memory) {
    this.#server = server;
    this.#clients = clients;
    this.#messages = on(clients, 'message', { close: ['exit'] });
    this.#before = before;
  }

  static async open(server: ServerUnderTest, subscribing: Subscribing): Promise<Audience> {
    const before = await server.memory();
    const clients = fork(fileURLToPath(new URL('subscribers.ts', import.meta.url)), [JSON.stringify(subscribing)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const audience = new Audience(server, clients, before);
    await audience.#answer((message) => message === 'open').catch((cause: unknown) => {
      throw new Error(`${subscribing.sockets} sockets could not be opened; each needs a file descriptor in two processes: see ulimit -n.`, { cause });
    });
    return audience;
  }

  /**
   * What the sockets hear of so many events. The next one is told when all have heard the last, so that a machine with other work
   * slows the pace down instead of having less to deliver.
   */
  async hear(events: number, tell: Tell): Promise<Heard> {
    const told: (readonly [number, number])[] = [];
    const started = performance.now();
    for (let event = 0; event < events; event++) {
      await sleep(Math.max(0, started + (event * 1_000) / perSecond - performance.now()));
      const [sequence, at] = await tell();
      told.push([sequence, at]);
      await this.#answer((message) => (message as Partial<AllHeard>).all === sequence);
    }
    this.#clients.send(told);
    return (await this.#answer((message) => (message as Partial<Heard>).delivered !== undefined)) as Heard;
  }

  async measure(tell: Tell): Promise<Round> {
    const events = perSecond * seconds;
    const before = await this.#server.cpu();
    const started = performance.now();
    const { delivered, p99 } = await this.hear(events, tell);
    const passed = Math.max(performance.now() - started, seconds * 1_000);
    return { cpu: (((await this.#server.cpu()) - before) * 1_000) / delivered, delay: p99, pace: (events * 1_000) / passed };
  }

  /** kB a socket. */
  async memory(): Promise<Memory> {
    const { resident, used } = await this.#server.memory();
    return { resident: (resident - this.#before.resident) / sockets / 1_000, used: (used - this.#before.used) / sockets / 1_000 };
  }

  close(): Promise<void> {
    return stopProcess(this.#clients);
  }

  /** The next message of the sockets' process that is meant. */
  async #answer(isIt: (message: unknown) => boolean): Promise<unknown> {
    const impatience = setTimeout(() => this.#clients.kill(), patienceMs);
    try {
      for (;;) {
        const { value, done } = await this.#messages.next();
        if (done) throw new Error('The sockets are gone, or have not heard of an event within a minute.');
        if (isIt(value[0])) return value[0];
      }
    } finally {
      clearTimeout(impatience);
    }
  }
}

interface Round {
  /** time of the server for one event on one socket, µs */
  cpu: number;
  /** 99 % of the events came within so many ms */
  delay: number;
  /** events a second that all sockets got */
  pace: number;
}

interface Costs {
  rounds: readonly Round[];
  memory: Memory;
}

function figures(ours: Costs, theirs: Costs): Figure[] {
  const what = `${sockets.toLocaleString('en')} sockets on one job, ${perSecond} events a second`;
  const peer = 'bare ws broadcast';
  const each = ({ rounds }: Costs, part: keyof Round) => rounds.map((round) => round[part]);
  return [
    within(`${what}: from the notice to the client, 99 %`, 'ms', each(ours, 'delay'), 250),
    compared(`${what}: from the notice to the client, 99 %`, 'ms', each(ours, 'delay'), peer, each(theirs, 'delay')),
    compared(`${what}: events a second that all of them got`, '', each(ours, 'pace'), peer, each(theirs, 'pace')),
    compared(`${what}: CPU an event and socket`, 'µs', each(ours, 'cpu'), peer, each(theirs, 'cpu'), { atMost: 2.5 }),
    compared(`${what}: memory a socket, heap and buffers`, 'kB', [ours.memory.used], peer, [theirs.memory.used], { atMost: 2.5 }),
    compared(`${what}: memory a socket, resident`, 'kB', [ours.memory.resident], peer, [theirs.memory.resident], { atMost: 2.5 }),
  ];
}
