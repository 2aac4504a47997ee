import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Client } from './Client.ts';
import type { OutriderProcess } from './OutriderProcess.ts';
import type { Random } from './random.ts';
import { token, type Site } from './Site.ts';

/** Does something to a site, and resolves when the cause is gone; what it killed is started afterwards. */
export type Fault = (site: Site, random: Random, client: Client) => Promise<void>;

/** Beyond the lease of a chunk, which is 5 s. */
const beyondLease = (random: Random) => random.between(6_500, 11_000);
const clockOff = 600_000;

const postgresStopped = 'PostgreSQL stopped hard and started';
const backendKilled = 'a backend killed (SIGKILL), PostgreSQL recovers';

/** After these PostgreSQL itself is away for a while, and the service is to be back within 10 s after it. */
export const awayWithPostgres: readonly string[] = [postgresStopped, backendKilled];

export const faults: Readonly<Record<string, Fault>> = {
  'worker killed (SIGKILL)': async ({ workers }, random) => void (await random.pick(workers).end('SIGKILL')),
  'both workers killed': async ({ workers }) => void (await Promise.all(workers.map((worker) => worker.end('SIGKILL')))),
  'server killed (SIGKILL)': async ({ servers }, random) => void (await random.pick(servers).end('SIGKILL')),
  'server killed in the middle of an upload': killInUpload,
  'worker stopped beyond its lease (SIGSTOP)': ({ workers }, random) => stopFor(random.pick(workers), beyondLease(random)),
  'server stopped (SIGSTOP)': ({ servers }, random) => stopFor(random.pick(servers), random.between(2_000, 6_000)),
  'rolling restart (SIGTERM)': rollingRestart,
  'clock jumps ten minutes and back, again and again': async ({ processes }, random) => {
    const one = random.pick(processes);
    await one.end('SIGTERM');
    await one.start({ clockOffsetMs: random.pick([-clockOff, clockOff]) });
  },
  'backends terminated': async (site) =>
    void (await site.query(`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database() and application_name like 'outrider%'`)),
  [postgresStopped]: (site, random) => site.restartPostgres(random.between(0, 2_000)),
  [backendKilled]: killBackend,
  'connections cut': async ({ wire }) => wire.cut(),
  'answers lost, then cut': async ({ wire }, random) => {
    wire.silence('answers');
    await sleep(random.between(200, 2_000));
    wire.cut();
  },
  'connections silent, then going on': async ({ wire }, random) => {
    const goOn = wire.silence('everything');
    await sleep(beyondLease(random));
    goOn();
  },
  'all connections taken by others, idle in transaction': takeConnections,
  'mail server cuts its connections': async ({ mail }, random) => {
    for (let time = 0; time < 5; time += 1) {
      mail.cut();
      await sleep(random.between(50, 300));
    }
  },
  'cancel, pause and resume racing': steer,
};

/** PostgreSQL ends all sessions and recovers; it is told here once it has begun to. */
async function killBackend(site: Site): Promise<void> {
  const witness = new pg.Client({ connectionString: site.cluster.url, application_name: 'witness' });
  const ended = new Promise<void>((resolve) => {
    witness.on('error', () => resolve());
    witness.on('end', resolve);
  });
  await witness.connect();
  const { rows: [backend] } = await witness.query<{ pid: number }>(`select pid from pg_stat_activity where application_name like 'outrider%' order by random() limit 1`);
  if (backend) {
    process.kill(backend.pid, 'SIGKILL');
    await ended;
  }
  await witness.end().catch(() => {});
}

async function stopFor(one: OutriderProcess, ms: number): Promise<void> {
  one.send('SIGSTOP');
  await sleep(ms);
  one.send('SIGCONT');
}

async function rollingRestart(site: Site): Promise<void> {
  for (const one of site.processes) {
    const begun = performance.now();
    const code = await one.end('SIGTERM');
    const seconds = (performance.now() - begun) / 1_000;
    if (code !== 0) site.complaints.push(`${one.name} ended with ${code} on SIGTERM`);
    if (seconds > 20) site.complaints.push(`${one.name} took ${seconds.toFixed(1)} s to end on SIGTERM`);
    await one.start();
  }
}

/** Somebody's application opens transactions, holds rows of ours and the server's last connection, and does nothing. */
async function takeConnections(site: Site, random: Random): Promise<void> {
  const others: pg.Client[] = [];
  for (let refused = false; !refused && others.length < 100; ) {
    const other = new pg.Client({ connectionString: site.cluster.url, application_name: 'somebody else' });
    other.on('error', () => {});
    try {
      await other.connect();
      await other.query('begin');
      if (others.length < 5) await other.query('select from prospects limit 20 for update skip locked');
      others.push(other);
    } catch {
      refused = true;
    }
  }
  await sleep(random.between(2_000, 5_000));
  await Promise.all(others.map((other) => other.end().catch(() => {})));
}

async function killInUpload(site: Site, random: Random): Promise<void> {
  const server = random.pick(site.servers);
  const upload = request(`${server.url}import?format=csv`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  upload.on('error', () => {});
  const batch = `upload${random.between(0, 1e9)}`;
  upload.write(`display_name,profile_url\n${Array.from({ length: 2_500 }, (_, row) => `U,https://${batch}-${row}.example/`).join('\n')}\n`);
  await sleep(random.between(100, 900));
  await server.end('SIGKILL');
  upload.destroy();
}

async function steer(_site: Site, random: Random, client: Client): Promise<void> {
  const data = await client.ask('{ jobs(first: 20, filter: {status: [PENDING, RUNNING], type: [DRAFT, SEND]}) { nodes { id } } }', {});
  const ids = ((data?.jobs?.nodes ?? []) as { id: string }[]).map(({ id }) => id);
  const act = (mutation: string, id: string) => client.ask(`mutation ($input: JobActionInput!) { ${mutation}(input: $input) { userErrors { code } } }`, { input: { id } });
  for (const id of ids) {
    const actions = random.shuffle(random.next() < 0.3 ? ['pauseJob', 'resumeJob', 'cancelJob'] : ['pauseJob', 'resumeJob', 'pauseJob']);
    await Promise.all(actions.map((action) => act(action, id)));
    await sleep(random.between(0, 300));
  }
  for (const id of ids) await client.insist('resumeJob', 'JobActionInput', { id }, 'job { id }', { timeoutMs: 30_000 });
}
