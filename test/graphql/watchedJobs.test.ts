import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { hashOf } from '../../src/domain/tokens.ts';
import { waitFor } from '../support/waitFor.ts';
import { adminToken, startApi, statementsOf, type Answer, type Api } from './support.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const clients: Client[] = [];
afterEach(() => Promise.all(clients.splice(0).map((client) => client.dispose())));

function connect(token = adminToken): Client {
  const client = createClient({
    url: `${api.url.replace('http', 'ws')}graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${token}` }, retryAttempts: 0,
  });
  clients.push(client);
  return client;
}

/** The answers so far of a subscription to the job's progress; `isOver` once it has completed. */
function watch(client: Client, jobId: string, fields = 'sequence status') {
  const heard: Answer[] = Object.assign([], { isOver: false });
  const query = `subscription ($id: ID!) { jobProgress(id: $id) { ${fields} } }`;
  const over = () => Object.assign(heard, { isOver: true });
  client.subscribe<any>(
    { query, variables: { id: Buffer.from(`Job:${jobId}`).toString('base64url') } },
    { next: (answer) => heard.push(answer as Answer), error: over, complete: over },
  );
  return heard as Answer[] & { isOver: boolean };
}

const sequences = (heard: readonly Answer[]) => heard.map(({ data }) => data.jobProgress.sequence);

async function addJobs(count: number): Promise<string[]> {
  const jobs = await api.sql<{ id: string }>(
    `insert into jobs (id, job_type, status, total_targets, started_at) select gen_random_uuid(), 'draft', 'running', 100, now() from generate_series(1, $1) returning id`, [count],
  );
  return jobs.map(({ id }) => id);
}

/** Moves the jobs on and tells the servers, as a worker does. */
async function move(jobs: readonly string[]): Promise<void> {
  const moved = await api.sql<{ id: string; sequence: number }>('update jobs set sequence = sequence + 1, done_count = done_count + 1 where id = any($1) returning id, sequence', [jobs]);
  for (let at = 0; at < moved.length; at += 100) {
    await api.sql(`select pg_notify('outrider_jobs', $1)`, [JSON.stringify(moved.slice(at, at + 100).map(({ id, sequence }) => [id, sequence]))]);
  }
}

const tickMs = 110;

test.each([
  ['one SELECT a tick', 'sequence', 1],
  ['two with a field of the job itself', 'sequence job { doneCount }', 2],
])('200 jobs that are watched at once are %s', async (_what, fields, statements) => {
  const jobs = await addJobs(200);
  const sockets = [connect(), connect()];
  const heard = jobs.map((id, index) => watch(sockets[index % 2]!, id, fields));
  await waitFor(() => heard.every(({ length }) => length === 1));
  const started = performance.now();
  const sent = await statementsOf(async () => {
    for (let round = 1; round <= 3; round++) {
      await move(jobs);
      await waitFor(() => heard.every((answers) => sequences(answers).at(-1) === round));
    }
  });
  const ticks = Math.ceil((performance.now() - started) / tickMs);
  const reads = sent.filter((text) => /^\s*select\b/.test(text));
  expect(reads.length).toBeGreaterThanOrEqual(3 * statements);
  expect(reads.length).toBeLessThanOrEqual(ticks * statements);
  expect(ticks).toBeLessThan(200);
});

test('200 jobs that change at once are two SELECTs a tick for who watches all: what changed, and what is asked of them', async () => {
  const jobs = await addJobs(200);
  const seen = new Map<string, number>();
  connect().subscribe<any>({ query: 'subscription { jobsChanged { id doneCount } }' }, { next: ({ data }) => void seen.set(data.jobsChanged.id, data.jobsChanged.doneCount), error: () => {}, complete: () => {} });
  await waitFor(async () => {
    await move(jobs.slice(0, 1));
    return seen.size > 0;
  });
  const started = performance.now();
  const sent = await statementsOf(async () => {
    await move(jobs.slice(1));
    await waitFor(() => seen.size >= 200);
  });
  expect(sent.filter((text) => /^\s*select\b/.test(text)).length).toBeLessThanOrEqual(2 * Math.ceil((performance.now() - started) / tickMs) + 2);
  expect(Math.max(...seen.values())).toBeGreaterThanOrEqual(1);
});

test('a crowd on one job is read for once: when it comes, and at every event', async () => {
  const [job] = await addJobs(1);
  const crowd = Array.from({ length: 60 }, () => connect());
  const first = watch(crowd[0]!, job!);
  await waitFor(() => first.length === 1);
  let heard: Answer[][] = [];
  const started = performance.now();
  const sent = await statementsOf(async () => {
    heard = crowd.slice(1).map((client) => watch(client, job!));
    await waitFor(() => heard.every(({ length }) => length === 1));
    await move([job!]);
    await waitFor(() => [first, ...heard].every((answers) => sequences(answers).at(-1) === 1));
  });
  expect(heard.map(sequences)).toEqual(heard.map(() => [0, 1]));
  expect(sequences(first)).toEqual([0, 1]);
  expect(sent.filter((text) => /^\s*select\b/.test(text)).length).toBeLessThanOrEqual(Math.ceil((performance.now() - started) / tickMs) + 1);
});

test('who comes after a change that nobody told of gets it first, and so does who was there', async () => {
  const [job] = await addJobs(1);
  const early = watch(connect(), job!);
  await waitFor(() => early.length === 1);
  await api.sql(`update jobs set sequence = sequence + 1 where id = $1`, [job]);
  const late = watch(connect(), job!);
  await waitFor(() => late.length === 1);
  expect(sequences(late)).toEqual([1]);
  await waitFor(() => early.length === 2);
  expect(sequences(early)).toEqual([0, 1]);
});

test('everybody gets the end once and completes; who comes after it gets it too', async () => {
  const [job] = await addJobs(1);
  const crowd = [connect(), connect(), connect()].map((client) => watch(client, job!));
  await waitFor(() => crowd.every(({ length }) => length === 1));
  await api.sql(`update jobs set status = 'succeeded', finished_at = now(), sequence = sequence + 1 where id = $1`, [job]);
  await waitFor(() => crowd.every(({ isOver }) => isOver));
  const late = watch(connect(), job!);
  await waitFor(() => late.isOver);
  const statuses = (heard: Answer[]) => heard.map(({ data }) => data.jobProgress.status);
  expect(crowd.map(statuses)).toEqual(crowd.map(() => ['RUNNING', 'SUCCEEDED']));
  expect(statuses(late)).toEqual(['SUCCEEDED']);
});

test('while a column is missing a late subscriber is told so; who was there goes on when it is back', async () => {
  const [job] = await addJobs(1);
  const early = watch(connect(), job!);
  await waitFor(() => early.length === 1);
  await api.sql('alter table jobs rename column skipped_count to skipped_gone');
  try {
    const late = watch(connect(), job!);
    await waitFor(() => late.isOver);
    expect(late[0]?.errors).toMatchObject([{ extensions: { code: 'SCHEMA_NOT_READY', missing: ['jobs.skipped_count'] } }]);
    // Known to be missing by now.
    const later = watch(connect(), job!);
    await waitFor(() => later.isOver);
    expect(later[0]?.errors).toMatchObject([{ extensions: { code: 'SCHEMA_NOT_READY' } }]);
  } finally {
    await api.sql('alter table jobs rename column skipped_gone to skipped_count');
  }
  await move([job!]);
  await waitFor(() => early.length === 2);
  expect(sequences(early)).toEqual([0, 1]);
});

test('a key that is revoked ends its own sockets and nobody else', async () => {
  const [job] = await addJobs(1);
  for (const name of ['kept', 'gone']) {
    await api.sql(`insert into api_keys (id, name, role, hash) values (gen_random_uuid(), $1, 'viewer', $2)`, [name, hashOf(name)]);
  }
  const kept = watch(connect('kept'), job!);
  const gone = [connect('gone'), connect('gone')].map((client) => watch(client, job!));
  await waitFor(() => [kept, ...gone].every(({ length }) => length === 1));
  await api.sql(`update api_keys set revoked_at = now() where name = 'gone'`);
  await api.sql(`select pg_notify('outrider_keys', '[]')`);
  await waitFor(() => gone.every(({ isOver }) => isOver));
  await move([job!]);
  await waitFor(() => kept.length === 2);
  expect(gone.map(({ length }) => length)).toEqual([1, 1]);
});
