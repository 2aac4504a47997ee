import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import pg from 'pg';
import { WebSocket } from 'ws';
import { buildProgram } from '../support/build.ts';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';
import { Proxy } from './proxy.ts';

const root = join(import.meta.dirname, '../..');
const token = 'token-of-the-rolling-update';
let database: TestDatabase;
let dataDir: string;
let started: ChildProcess[];

beforeAll(buildProgram);
beforeEach(async () => {
  database = await createTestDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'outrider-rolling-'));
  started = [];
});
afterEach(async () => {
  for (const child of started) child.kill('SIGKILL');
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Serving {
  port: number;
  /** SIGTERM; answers the exit code */
  stop(): Promise<number | null>;
}

async function serve(drainSeconds: number): Promise<Serving> {
  const child = spawn(process.execPath, [join(root, 'dist/index.js'), 'serve'], {
    env: { PATH: process.env['PATH'], DATABASE_URL: database.url, DATA_DIR: dataDir, OUTRIDER_TOKEN: token, PORT: '0', LOG_LEVEL: 'warn', DRAIN_SECONDS: String(drainSeconds) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const ended = once(child, 'exit') as Promise<[number | null]>;
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  const [, port] = await waitFor(() => /Outrider is ready at http:\/\/127\.0\.0\.1:(\d+)/.exec(said), { timeoutMs: 60_000 });
  return {
    port: Number(port),
    async stop() {
      child.kill('SIGTERM');
      return (await ended)[0];
    },
  };
}

interface Answer {
  status: number;
  connection: string | undefined;
  body: string;
}

function ask(port: number, query: string, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path: '/graphql', method: 'POST', agent, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` } },
      (response) => {
        let body = '';
        response.on('data', (chunk) => (body += String(chunk)));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, connection: response.headers.connection, body }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify({ query }));
  });
}

/** Reads and writes, fifty times a second at most for each client, until it is told to stop; answers what failed and how many writes were acknowledged. */
function load(port: number, clients: number) {
  const failures: string[] = [];
  let running = true;
  let written = 0;
  const client = async (_: unknown, name: number) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let turn = 0; running; turn++) {
      const query = turn % 2
        ? '{ prospects(first: 1) { totalCount } }'
        : `mutation { createProspect(input: { displayName: "P", profileUrl: "https://example.org/${name}/${turn}" }) { prospect { id } userErrors { code } } }`;
      const answer = await ask(port, query, agent).catch((error: Error) => ({ status: 0, body: error.message }));
      if (answer.status !== 200 || /"errors"|"code"/.test(answer.body)) failures.push(`${answer.status} ${answer.body.slice(0, 200)}`);
      else if (turn % 2 === 0) written += 1;
      await sleep(20);
    }
    agent.destroy();
  };
  const clientsDone = Promise.all(Array.from({ length: clients }, client));
  return {
    failures,
    get written() {
      return written;
    },
    async stop() {
      running = false;
      await clientsDone;
    },
  };
}

/** A job that nobody works on. */
async function startJob(port: number): Promise<string> {
  await queryOnce(
    database.url,
    `insert into prospects (id, canonical_key, profile_url, display_name, review_status)
     values (gen_random_uuid(), 'example.org/target', 'https://example.org/target', 'Target', 'approved')`,
  );
  const mutation = 'mutation { startDraftJob(input: { subjectTemplate: "Hello", bodyTemplate: "Hello", expectedCount: 1 }) { job { id } userErrors { code message } } }';
  const { data } = JSON.parse((await ask(port, mutation)).body) as { data: { startDraftJob: { job: { id: string }; userErrors: unknown[] } } };
  expect(data.startDraftJob.userErrors).toEqual([]);
  return data.startDraftJob.job.id;
}

/** Watches a job as a front end does; every subscription begins with the present state. */
function watch(port: number, jobId: string) {
  const closed: number[] = [];
  const connections: number[] = [];
  const errors: unknown[] = [];
  let events = 0;
  const client = createClient({
    url: `ws://127.0.0.1:${port}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 100,
    retryWait: async () => {},
    shouldRetry: () => true,
    on: { connected: () => void connections.push(events), closed: (event) => void closed.push((event as { code: number }).code) },
  });
  client.subscribe({ query: 'subscription ($id: ID!) { jobProgress(id: $id) { status } }', variables: { id: jobId } }, { next: () => void (events += 1), error: (error) => void errors.push(error), complete: () => {} });
  return { client, closed, connections, errors, hasState: () => events > (connections.at(-1) ?? Infinity) };
}

test('two servers are replaced one after another under load: no request fails, nothing that was acknowledged is lost, sockets go on', async () => {
  const proxy = await Proxy.start();
  const old = await Promise.all([serve(1), serve(1)]);
  old.forEach(({ port }) => proxy.add(port));
  await waitFor(() => old.every(({ port }) => proxy.isReady(port)));
  const job = await startJob(proxy.port);
  const watchers = [watch(proxy.port, job), watch(proxy.port, job)];
  const traffic = load(proxy.port, 2);
  try {
    await waitFor(() => watchers.every((watcher) => watcher.hasState()));
    const replacements: Serving[] = [];
    for (const leaving of old) {
      const next = await serve(1);
      replacements.push(next);
      proxy.add(next.port);
      await waitFor(() => proxy.isReady(next.port));
      const exit = leaving.stop();
      await waitFor(() => !proxy.isReady(leaving.port));
      expect(await exit).toBe(0);
      await waitFor(() => watchers.every((watcher) => watcher.hasState()));
    }
    const before = replacements.map(({ port }) => proxy.requestsTo(port));
    await waitFor(() => replacements.every(({ port }, at) => proxy.requestsTo(port) > before[at]! + 20));
    await traffic.stop();

    expect(traffic.failures).toEqual([]);
    for (const { port } of [...old, ...replacements]) expect(proxy.requestsTo(port)).toBeGreaterThan(20);
    expect(await queryOnce(database.url, 'select count(*)::int as written from prospects')).toEqual([{ written: traffic.written + 1 }]);
    for (const { closed, errors } of watchers) {
      expect(errors).toEqual([]);
      expect(new Set(closed)).toEqual(new Set([1001]));
    }
  } finally {
    watchers.forEach(({ client }) => void client.dispose());
    await traffic.stop();
    await proxy.close();
  }
});

test('after SIGTERM it is not ready, and goes on serving; each answer is the last of its connection', async () => {
  const server = await serve(1);
  const exit = server.stop();
  const ready = () => fetch(`http://127.0.0.1:${server.port}/health/ready`);
  await waitFor(async () => (await ready()).status === 503);
  expect(await (await ready()).json()).toMatchObject({ ready: false, reason: 'The server is stopping.' });
  const agent = new Agent({ keepAlive: true });
  expect(await ask(server.port, '{ viewer { role } }', agent)).toMatchObject({ status: 200, connection: 'close' });
  agent.destroy();
  expect((await fetch(`http://127.0.0.1:${server.port}/health/live`)).status).toBe(200);
  expect(await exit).toBe(0);
});

test('a request in hand is answered before it ends', async () => {
  const server = await serve(0);
  const locker = new pg.Client({ connectionString: database.url });
  await locker.connect();
  await locker.query('begin; lock table prospects in access exclusive mode');
  const answer = ask(server.port, '{ prospects(first: 1) { totalCount } }');
  await waitFor(async () => (await queryOnce(database.url, `select 1 from pg_stat_activity where application_name = 'outrider serve' and wait_event_type = 'Lock'`)).length > 0);
  const exit = server.stop();
  await waitFor(() => new Promise((resolve) => connect(server.port, '127.0.0.1').on('error', () => resolve(true)).on('connect', () => resolve(false))));
  const unlocked = performance.now();
  await locker.query('rollback');
  await locker.end();
  expect(await answer).toMatchObject({ status: 200, body: '{"data":{"prospects":{"totalCount":0}}}' });
  expect(await exit).toBe(0);
  // Its connection is kept open by the client.
  expect(performance.now() - unlocked).toBeLessThan(15_000);
});

test('a client that never answers the closing of its socket does not keep it from ending', async () => {
  const server = await serve(0);
  const silent = connect(server.port, '127.0.0.1');
  silent.write(
    'GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
  );
  const [answer] = (await once(silent, 'data')) as [Buffer];
  expect(String(answer)).toContain('101 Switching Protocols');
  silent.on('error', () => {});
  const asked = performance.now();
  expect(await server.stop()).toBe(0);
  // ws itself would wait for 30 s.
  expect(performance.now() - asked).toBeLessThan(15_000);
  silent.destroy();
});
