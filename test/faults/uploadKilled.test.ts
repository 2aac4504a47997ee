import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { uuidOf } from '../../src/domain/globalId.ts';
import { holding } from '../health/support.ts';
import { JobBench } from '../jobs/support.ts';
import { startOutrider, type Program } from '../support/program.ts';
import { waitFor } from '../support/waitFor.ts';

const token = 'a-token-of-uploads';
const count = 5_000;
let folder: string;
let bench: JobBench;
let server: Program;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outrider-test-upload-'));
  bench = await JobBench.open();
});
beforeEach(async () => {
  await bench.query('truncate prospects, jobs, idempotency_keys cascade');
  if (!server || server.process.signalCode !== null) await serve();
});
afterAll(async () => {
  await kill();
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(): Promise<void> {
  server = startOutrider(['serve'], { DATABASE_URL: bench.database.url, DATA_DIR: join(folder, 'data'), OUTRIDER_TOKEN: token, TMPDIR: folder });
  url = await server.says(/http:\/\/127\.0\.0\.1:\d+\//);
}

async function kill(): Promise<void> {
  server.process.kill('SIGKILL');
  await server.ended;
}

const header = 'display_name,profile_url\n';
const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, row) => `P,https://p${from + row}.example/\n`).join('');

function upload(key: string): ClientRequest {
  const outgoing = request(`${url}import?format=csv`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'idempotency-key': key } });
  // The killed server is heard of here.
  outgoing.on('error', () => {});
  return outgoing;
}

async function answerOf(outgoing: ClientRequest): Promise<{ status: number; body: any }> {
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: response.statusCode!, body: JSON.parse(await text(response)) };
}

function whole(key: string): ReturnType<typeof answerOf> {
  const outgoing = upload(key);
  outgoing.end(header + rows(0, count));
  return answerOf(outgoing);
}

const imported = async () => (await bench.query<{ count: number }>('select count(*)::int as count from prospects'))[0]!.count;
const jobs = () => bench.query<{ id: string; status: string; error: string | null; processed: number }>('select id, status, error, processed from jobs order by created_at');

/** Kills the server once a statement of it waits for what the holder has. */
async function killedWaiting(holder: { release(): Promise<void> }): Promise<void> {
  try {
    await waitFor(async () => (await bench.query(`select from pg_stat_activity where datname = current_database() and application_name like 'outrider%' and wait_event_type = 'Lock'`)).length > 0);
    await kill();
  } finally {
    await holder.release();
  }
}

/** As if the time had passed: a dead server's lease ends after 10 s, and its upload is given up after a minute. */
const leaseEnded = (ago: string) => bench.query(`update job_chunks set lease_until = clock_timestamp() - $1::interval where state = 'running'`, [ago]);

/** A server that is killed by each of them leaves so many rows; or how far it came is not said. */
const steps: [string, (key: string) => Promise<void>, number | null][] = [
  ['with the head of the request read', async (key) => {
    const outgoing = upload(key);
    outgoing.flushHeaders();
    await waitFor(() => outgoing.socket?.connecting === false);
    await kill();
  }, 0],
  ['in mid file', async (key) => {
    const outgoing = upload(key);
    outgoing.write(header + rows(0, 3_000));
    await waitFor(async () => (await imported()) > 0);
    await kill();
  }, null],
  ['with the last byte read, and nothing written yet', async (key) => {
    const holder = await holding(bench.database.url, 'lock table prospects in share mode');
    void whole(key).catch(() => {});
    await killedWaiting(holder);
  }, null],
  ['with the last byte read, a part written, and no answer yet', async (key) => {
    const outgoing = upload(key);
    outgoing.write(header + rows(0, 2_500));
    await waitFor(async () => (await imported()) > 0);
    const holder = await holding(bench.database.url, 'select from jobs for update');
    outgoing.end(rows(2_500, count));
    await killedWaiting(holder);
  }, null],
];

test.each(steps)('a server that is killed %s: the same file with the same key goes on, and each row is there once', async (step, act, left) => {
  await act(step);
  if (left !== null) expect(await imported()).toBe(left);
  expect(await imported()).toBeLessThan(count);
  await serve();
  const before = await jobs();
  await leaseEnded('1 second');

  const { status, body } = await whole(step);
  expect({ status, userErrors: body.userErrors }).toEqual({ status: 200, userErrors: [] });
  const [job, ...others] = await jobs();
  expect(others).toEqual([]);
  expect(job).toMatchObject({ id: uuidOf('Job', body.job.id), status: 'succeeded', processed: count });
  if (before[0]) expect(job!.id).toBe(before[0].id);
  await nothingLeft();
});

test('a server that is killed after its answer: the same file with the same key is the same job, and adds nothing', async () => {
  const { body } = await whole('answered');
  await kill();
  await serve();

  expect(await whole('answered')).toEqual({ status: 200, body });
  expect(await jobs()).toMatchObject([{ status: 'succeeded', processed: count }]);
  await nothingLeft();
});

test('a server that is killed in mid file: another file with its key is refused, and nothing of it is taken', async () => {
  const outgoing = upload('changed');
  outgoing.write(header + rows(0, 3_000));
  await waitFor(async () => (await imported()) > 0);
  await kill();
  const before = await imported();
  await serve();
  await leaseEnded('1 second');

  const other = upload('changed');
  other.end(header + rows(0, 1_500) + rows(1_501, count + 1));
  expect(await answerOf(other)).toMatchObject({ status: 422, body: { job: null, userErrors: [{ code: 'CONFLICT' }] } });
  expect(await imported()).toBe(before);
  expect((await whole('changed')).status).toBe(200);
  await nothingLeft();
});

test('a repeat that waits for a server which is killed goes on where that one stopped', async () => {
  const first = server;
  const outgoing = upload('waiting');
  outgoing.write(header + rows(0, 3_000));
  await waitFor(async () => (await imported()) > 0);
  await serve();
  const repeat = whole('waiting');
  await waitFor(async () => (await bench.query(`select from pg_stat_activity where datname = current_database() and query like '%idempotency_keys%' and pid <> pg_backend_pid()`)).length > 0);
  first.process.kill('SIGKILL');
  await first.ended;

  expect(await repeat).toMatchObject({ status: 200, body: { userErrors: [] } });
  expect(await jobs()).toMatchObject([{ status: 'succeeded', processed: count }]);
  await nothingLeft();
});

test('when nobody comes back with the file, a worker ends the job, which says what to do; one that was being cancelled is cancelled', async () => {
  const outgoing = upload('lost');
  outgoing.write(header + rows(0, 3_000));
  await waitFor(async () => (await imported()) > 0);
  await kill();
  const cancelled = (await bench.query<{ id: string }>(
    `with job as (insert into jobs (id, job_type, status, started_at) values (gen_random_uuid(), 'import', 'cancelling', now()) returning id)
     insert into job_chunks (job_id, number, state, fence, lease_until, first_ordinal, target_count) select id, 1, 'running', 1, now(), 1, 0 from job returning job_id as id`,
  ))[0]!.id;
  await leaseEnded('2 minutes');
  await bench.startWorker();
  const ended = await waitFor(async () => {
    const found = await jobs();
    return found.every(({ status }) => ['failed', 'cancelled'].includes(status)) ? found : null;
  }, { timeoutMs: 20_000 });

  expect(ended.find(({ id }) => id === cancelled)).toMatchObject({ status: 'cancelled' });
  expect(ended.find(({ id }) => id !== cancelled)).toMatchObject({ status: 'failed', processed: await imported(), error: expect.stringContaining('send the file again') });
  await bench.stopWorkers();

  await serve();
  expect((await whole('another key')).status).toBe(200);
  await nothingLeft();
});

/** Each row once, no chunk in anybody's hand, no file. */
async function nothingLeft(): Promise<void> {
  expect(await imported()).toBe(count);
  expect(await bench.query(`select from job_chunks where state in ('ready', 'running')`)).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
}
