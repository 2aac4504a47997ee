import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type BenchServer, query } from './database.ts';
import { compared, type Figure } from './figures.ts';
import { alternate } from './measure.ts';
import { benchToken, type Memory, type ServerUnderTest, startOutrider, startServerUnderTest, stopProcess } from './serverProcess.ts';
import { type Heard, now, type Subscribing } from './subscribers.ts';

const sockets = 5_000;
const perSecond = 4;
const seconds = 5;
const rounds = 3;
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
      const cpu = await alternate(rounds, { ours: () => ours.cpuPerEvent(noticed), theirs: () => theirs.cpuPerEvent(broadcast) });
      await sleep(settleMs);
      return figures(cpu, ours, await ours.memory(), await theirs.memory());
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
  /** 99 % of the events of a round came within so many ms. */
  readonly delays: number[] = [];
  delivered = 0;
  told = 0;
  readonly #server: ServerUnderTest;
  readonly #clients: ChildProcess;
  readonly #before: Memory;

  private constructor(server: ServerUnderTest, clients: ChildProcess, before: Memory) {
    this.#server = server;
    this.#clients = clients;
    this.#before = before;
  }

  static async open(server: ServerUnderTest, subscribing: Subscribing): Promise<Audience> {
    const before = await server.memory();
    const clients = fork(fileURLToPath(new URL('subscribers.ts', import.meta.url)), [JSON.stringify(subscribing)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const failed = once(clients, 'exit').then(([code]) => {
      throw new Error(`The ${subscribing.sockets} sockets could not be opened (exit code ${code}); each needs a file descriptor here and there: see ulimit -n.`);
    });
    await Promise.race([once(clients, 'message'), failed]);
    failed.catch(() => {});
    return new Audience(server, clients, before);
  }

  /** What the sockets hear of so many events, told at their pace. */
  async hear(events: number, tell: Tell): Promise<Heard> {
    const told: (readonly [number, number])[] = [];
    const started = performance.now();
    for (let event = 0; event < events; event++) {
      await sleep(Math.max(0, started + (event * 1_000) / perSecond - performance.now()));
      told.push(await tell());
    }
    await sleep(1_000);
    this.#clients.send(told);
    const [heard] = (await once(this.#clients, 'message')) as [Heard];
    return heard;
  }

  /** CPU time of the server in µs for one event on one socket. */
  async cpuPerEvent(tell: Tell): Promise<number> {
    const events = perSecond * seconds;
    const before = await this.#server.cpu();
    const { delivered, p99 } = await this.hear(events, tell);
    const spent = (await this.#server.cpu()) - before;
    if (delivered === 0) throw new Error('No socket heard anything.');
    this.delays.push(p99);
    this.delivered += delivered;
    this.told += events * sockets;
    return (spent * 1_000) / delivered;
  }

  /** kB a socket. */
  async memory(): Promise<Memory> {
    const { resident, used } = await this.#server.memory();
    return { resident: (resident - this.#before.resident) / sockets / 1_000, used: (used - this.#before.used) / sockets / 1_000 };
  }

  close(): Promise<void> {
    return stopProcess(this.#clients);
  }
}

function figures(cpu: { ours: number; theirs: number }, { delays, delivered, told }: Audience, ours: Memory, theirs: Memory): Figure[] {
  const what = `${sockets.toLocaleString('en')} sockets on one job, ${perSecond} events a second`;
  const p99 = Math.max(...delays);
  const share = (100 * delivered) / told;
  const peer = 'bare ws broadcast';
  return [
    { what: `${what}: 99 % of the events came after the notice within, worst round`, unit: 'ms', ours: p99, peer: 'goal', theirs: 250, ratio: p99 / 250, goal: '≤ 1', reached: p99 <= 250 },
    { what: `${what}: events that came, of those told`, unit: '%', ours: share, peer: 'all', theirs: 100, ratio: share / 100 },
    compared(`${what}: CPU an event and socket`, 'µs', cpu.ours, peer, cpu.theirs, { atMost: 2.5 }),
    compared(`${what}: memory a socket, heap and buffers`, 'kB', ours.used, peer, theirs.used, { atMost: 2.5 }),
    compared(`${what}: memory a socket, resident`, 'kB', ours.resident, peer, theirs.resident, { atMost: 2.5 }),
  ];
}
