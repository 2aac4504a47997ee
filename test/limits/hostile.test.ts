import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { createTestDatabase, openQueries, type TestDatabase } from '../support/database.ts';
import { startOutrider, type Program } from '../support/program.ts';
import { waitFor } from '../support/waitFor.ts';
import { hostileBodies, prospectId } from './hostile.ts';

/** What one hostile request may cost (ms of CPU). */
const mostCpuMs = 250;
const token = 'admin-token-of-the-tests';

let database: TestDatabase;
let dataDir: string;
let serving: Program;
let url: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const queries = openQueries(database.url);
  await queries.query(`insert into prospects (id, canonical_key, display_name, email) values ($1, 'example.org/ada', 'Ada', 'ada@example.org')`, [prospectId]);
  await queries.close();
  dataDir = mkdtempSync(join(tmpdir(), 'outrider-hostile-'));
  serving = startOutrider(['serve'], { DATABASE_URL: database.url, DATA_DIR: dataDir, OUTRIDER_TOKEN: token, LOG_LEVEL: 'error' });
  url = (await serving.says(/http:\/\/127\.0\.0\.1:\d+\//)).trim();
  // What a server has done since long is compiled, and costs less than its first time.
  for (let time = 0; time < 30; time++) {
    await post(JSON.stringify({ query: `{ viewer { name } prospects(first: ${time + 1}) { nodes { id } } }` }));
    await post(JSON.stringify({ query: `{ unknown${time} }` }));
  }
});
afterAll(async () => {
  serving.process.kill('SIGTERM');
  await serving.ended;
  rmSync(dataDir, { recursive: true, force: true });
  await database.drop();
});

const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
const post = (body: string): Promise<Response> => fetch(`${url}graphql`, { method: 'POST', headers, body });

/** CPU that the server has used since its start, all its threads (ms). */
async function cpuMs(): Promise<number> {
  const text = await (await fetch(`${url}metrics`, { headers })).text();
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)![1]) * 1000;
}

/** The least of a few: a collection of garbage that others have left is not its cost. */
async function costOf(ask: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let time = 0; time < 3 && least >= mostCpuMs; time++) {
    const before = await cpuMs();
    await ask();
    least = Math.min(least, (await cpuMs()) - before);
  }
  return least;
}

function expectHarmless(text: string): void {
  const { data, errors } = JSON.parse(text);
  if (data === undefined) expect(errors[0].extensions.code).toMatch(/^[A-Z_]+$/);
  expect(text).not.toMatch(/INTERNAL_SERVER_ERROR|stack|node_modules|Did you mean|\.js:|\/tmp\//);
  expect(text.length).toBeLessThan(100_000);
}

test.each(Object.entries(hostileBodies))(`over HTTP, %s costs less than ${mostCpuMs} ms of CPU and is answered by JSON`, async (_name, body) => {
  let text = '';
  const cost = await costOf(async () => {
    text = await (await post(body)).text();
  });
  expectHarmless(text);
  expect(cost).toBeLessThan(mostCpuMs);
});

test(`on a socket, each of them costs less than ${mostCpuMs} ms of CPU and is answered, or the socket is closed with a code`, async () => {
  const costs: Record<string, number> = {};
  for (const [name, body] of Object.entries(hostileBodies)) {
    costs[name] = await costOf(() => overSocket(body));
  }
  expect(Object.entries(costs).filter(([, cost]) => cost >= mostCpuMs)).toEqual([]);
});

test('while they are asked without a pause, others are answered', async () => {
  const bodies = Object.values(hostileBodies);
  let asked = 0;
  let isOver = false;
  const attackers = Array.from({ length: 4 }, async () => {
    while (!isOver) await (await post(bodies[asked++ % bodies.length]!)).text();
  });
  for (let time = 0; time < 20; time++) {
    expect(await (await post(JSON.stringify({ query: '{ viewer { name } }' }))).json()).toEqual({ data: { viewer: { name: 'admin' } } });
  }
  const askedMeanwhile = asked;
  isOver = true;
  await Promise.all(attackers);
  expect(askedMeanwhile).toBeGreaterThan(4);
  expect(serving.process.exitCode).toBeNull();
});

/** Sends it as an operation of a socket of its own, until there is an answer. */
async function overSocket(body: string): Promise<void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}graphql`, 'graphql-transport-ws');
  const messages: string[] = [];
  let code: number | null = null;
  socket.on('message', (data) => messages.push(String(data)));
  socket.on('close', (closedWith) => (code = closedWith));
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })));
  await waitFor(() => messages.length > 0, { intervalMs: 2 });
  socket.send(`{"id":"1","type":"subscribe","payload":${body}}`);
  await waitFor(() => messages.length > 1 || code !== null, { intervalMs: 2 });
  if (code === null) expect(messages[1]).not.toMatch(/INTERNAL_SERVER_ERROR|stack|node_modules|Did you mean/);
  else expect([1009, 4400]).toContain(code);
  socket.terminate();
}
