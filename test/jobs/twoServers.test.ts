import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { uuidOf } from '../../src/domain/globalId.ts';
import { waitFor } from '../support/waitFor.ts';
import { JobBench } from './support.ts';

const register = fileURLToPath(new URL('../support/typescript.mjs', import.meta.url));
const program = fileURLToPath(new URL('../../src/index.ts', import.meta.url));
const token = 'a-token-of-two-servers';
const targets = 20_000;

let bench: JobBench;
let dataDir: string;
const servers = new Set<ChildProcess>();

beforeEach(async () => {
  bench = await JobBench.open();
  dataDir = mkdtempSync(join(tmpdir(), 'outrider-test-servers-'));
});
afterEach(async () => {
  for (const server of servers) await kill(server);
  await bench.close();
  rmSync(dataDir, { recursive: true, force: true });
});

interface ServerProcess {
  child: ChildProcess;
  url: string;
}

async function startServer(): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['--import', register, program, 'serve'], {
    env: { PATH: process.env['PATH'], DATABASE_URL: bench.database.url, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'error', OUTRIDER_TOKEN: token },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  servers.add(child);
  let output = '';
  child.stdout!.on('data', (chunk) => (output += chunk));
  const url = await waitFor(() => /ready at (\S+)/.exec(output)?.[1], { timeoutMs: 30_000 });
  return { child, url };
}

async function kill(child: ChildProcess): Promise<void> {
  servers.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function startDraftJob({ url }: ServerProcess): Promise<string> {
  const response = await fetch(`${url}graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      query: 'mutation ($input: StartDraftJobInput!) { startDraftJob(input: $input) { job { id } userErrors { message } } }',
      variables: { input: { subjectTemplate: 'Hello', bodyTemplate: '{{ bioText }}', expectedCount: targets } },
    }),
  });
  const { data } = (await response.json()) as { data: { startDraftJob: { job: { id: string }; userErrors: object[] } } };
  expect(data.startDraftJob.userErrors).toEqual([]);
  return data.startDraftJob.job.id;
}

interface Event {
  sequence: number;
  status: string;
  processed: number;
}

interface Subscriber {
  events: Event[];
  /** resolves with how it ended: 'complete', or 'lost' when the server went away */
  ended: Promise<'complete' | 'lost'>;
}

function subscribe({ url }: ServerProcess, jobId: string): Subscriber {
  const client = createClient({
    url: `${url.replace('http', 'ws')}graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  const events: Event[] = [];
  const ended = new Promise<'complete' | 'lost'>((resolve) => {
    client.subscribe<{ jobProgress: Event }>(
      { query: 'subscription ($id: ID!) { jobProgress(id: $id) { sequence status processed } }', variables: { id: jobId } },
      { next: ({ data }) => void (data && events.push(data.jobProgress)), error: () => resolve('lost'), complete: () => resolve('complete') },
    );
  });
  return { events, ended: ended.finally(() => client.dispose()) };
}

test('with two servers and two workers, killing one of each in mid job loses no draft and no subscriber: sequences only rise', async () => {
  await bench.addProspects(targets);
  const [first, second] = await Promise.all([startServer(), startServer()]);
  const [firstWorker] = await Promise.all([bench.startWorkerProcess(), bench.startWorkerProcess()]);
  const jobId = await startDraftJob(first);
  const staying = subscribe(second, jobId);
  const leaving = subscribe(first, jobId);
  await waitFor(() => leaving.events.some(({ processed }) => processed > 0), { intervalMs: 5 });
  firstWorker.kill('SIGKILL');
  await kill(first.child);
  expect(await leaving.ended).toBe('lost');
  const returning = subscribe(second, jobId);
  expect(await returning.ended).toBe('complete');
  expect(await staying.ended).toBe('complete');

  for (const seen of [[...leaving.events, ...returning.events], staying.events]) {
    const processed = seen.map((event) => event.processed);
    expect(processed).toEqual(processed.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toMatchObject({ status: 'SUCCEEDED', processed: targets });
    expect(seen.filter(({ status }) => status === 'SUCCEEDED')).toHaveLength(1);
  }
  for (const { events } of [leaving, returning, staying]) {
    const sequences = events.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...new Set(sequences)].toSorted((a, b) => a - b));
  }
  expect(returning.events[0]!.sequence).toBeGreaterThanOrEqual(leaving.events.at(-1)!.sequence);
  expect(await bench.expectSettled(uuidOf('Job', jobId)!)).toMatchObject({ done_count: targets });
}, 120_000);
