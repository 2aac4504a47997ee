import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { uuidOf } from '../../src/domain/globalId.ts';
import { startOutrider, type Program } from '../support/program.ts';
import { waitFor } from '../support/waitFor.ts';
import { JobBench } from './support.ts';

const token = 'a-token-of-two-servers';
const targets = 20_000;

let bench: JobBench;
let dataDir: string;
const servers: Program[] = [];

beforeEach(async () => {
  bench = await JobBench.open();
  dataDir = mkdtempSync(join(tmpdir(), 'outrider-test-servers-'));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map(kill));
  await bench.close();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Server {
  program: Program;
  url: string;
}

async function startServer(): Promise<Server> {
  const program = startOutrider(['serve'], { DATABASE_URL: bench.database.url, DATA_DIR: dataDir, OUTRIDER_TOKEN: token });
  servers.push(program);
  return { program, url: await program.says(/http:\/\/127\.0\.0\.1:\d+\//) };
}

async function kill({ process: child, ended }: Program): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

async function startDraftJob({ url }: Server): Promise<string> {
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

function subscribe({ url }: Server, jobId: string): Subscriber {
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
  await kill(first.program);
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
});
