import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { uuidOf } from '../../src/domain/globalId.ts';
import { waitFor } from '../support/waitFor.ts';
import { adminToken, startApi, statementsOf, type Api } from './support.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());
beforeEach(() => api.sql('truncate prospects, jobs cascade'));

const header = 'display_name,profile_url\n';
const rows = (from: number, count: number) => Array.from({ length: count }, (_, row) => `P,https://p${from + row}.example/\n`).join('');

/** An upload whose body the test writes piece by piece. */
function upload(headers: Record<string, string> = {}): ClientRequest {
  const outgoing = request(`${api.url}import?format=csv`, { method: 'POST', headers: { authorization: `Bearer ${adminToken}`, ...headers } });
  // A test that breaks an upload off hears of it here.
  outgoing.on('error', () => {});
  return outgoing;
}

async function answerOf(outgoing: ClientRequest): Promise<{ status: number; body: any }> {
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: response.statusCode!, body: JSON.parse(await text(response)) };
}

const jobs = () => api.sql<{ id: string; status: string; error: string | null; processed: number }>('select id, status, error, processed from jobs');
const imported = async () => (await api.sql('select count(*)::int as count from prospects'))[0].count as number;

test.each([
  ['as it is', {}],
  ['packed', { 'content-encoding': 'gzip' }],
])('an upload %s that breaks off ends its job as FAILED, with what was imported until then', async (_how, headers: Record<string, string>) => {
  const outgoing = upload(headers);
  const body = headers['content-encoding'] ? createGzip() : null;
  body?.pipe(outgoing);
  (body ?? outgoing).write(header + rows(0, 2_500));
  body?.flush();
  await waitFor(async () => (await imported()) > 0);
  outgoing.destroy();

  const [job] = await waitFor(async () => {
    const found = await jobs();
    return found[0]?.status === 'failed' ? found : null;
  });
  expect(job!.error).toContain('The import broke off');
  expect(job!.processed).toBe(await imported());
});

test('a packed upload that is damaged says so', async () => {
  const packed = gzipSync(header + rows(0, 10));
  packed.fill(0, packed.length / 2);
  const outgoing = upload({ 'content-encoding': 'gzip' });
  outgoing.end(packed);
  expect(await answerOf(outgoing)).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] } });
});

test('a bomb is unpacked in little memory while others are answered: what is too long in it fails, and the rows around it are taken', async () => {
  const packed = gzipSync(Buffer.concat([Buffer.from(`${header}A,https://a.example/\n`), Buffer.alloc(200_000_000, 'x'), Buffer.from('\nB,https://b.example/\n')]));
  expect(packed.length).toBeLessThan(400_000);
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  let answered = 0;
  let isDone = false;
  const outgoing = upload({ 'content-encoding': 'gzip' });
  outgoing.end(packed);
  const others = (async () => {
    while (!isDone) {
      expect((await fetch(`${api.url}health/live`)).status).toBe(200);
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      answered += 1;
    }
  })();
  const { status, body } = await answerOf(outgoing);
  isDone = true;
  await others;
  expect([status, body.userErrors]).toEqual([200, []]);
  expect(answered).toBeGreaterThan(10);
  expect(most).toBeLessThan(100_000_000);
  expect(await api.sql('select line, code from job_targets')).toEqual([{ line: 3, code: 'TOO_LONG' }]);
  expect(await imported()).toBe(2);
});

test('an upload in an encoding that is not known is refused before anything is read', async () => {
  const outgoing = upload({ 'content-encoding': 'br' });
  outgoing.end('nonsense');
  expect(await answerOf(outgoing)).toMatchObject({ status: 415, body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] } });
  expect(await jobs()).toEqual([]);
});

test.each(['dryRun=True', 'dryRun=1', 'dryRun', 'dryRun=true&dryRun=true', 'mapping={}&mapping={}'])('an upload with ?%s is refused, and nothing of it is imported', async (parameters) => {
  const response = await fetch(`${api.url}import?format=csv&${parameters}`, { method: 'POST', headers: { authorization: `Bearer ${adminToken}` }, body: header + rows(0, 2) });

  expect([400, 422]).toContain(response.status);
  expect(await response.text()).toMatch(/dryRun is true or false|mapping must be JSON, and given once/);
  expect(await imported()).toBe(0);
});

test('an upload is known again by its Idempotency-Key; another file with the same key is refused, and nothing of it is taken', async () => {
  const send = async (body: string | Buffer, headers: Record<string, string> = {}) => {
    const response = await fetch(`${api.url}import?format=csv`, { method: 'POST', headers: { authorization: `Bearer ${adminToken}`, 'idempotency-key': 'monday', ...headers }, body });
    return { status: response.status, body: (await response.json()) as any };
  };
  const file = header + rows(0, 500);
  const first = await send(file);
  expect(first).toMatchObject({ status: 200, body: { job: { id: expect.any(String) }, userErrors: [] } });
  expect(await send(file)).toEqual(first);

  for (const other of [header + rows(1_000, 500), file + rows(2_000, 1), file.replace('https://p499.', 'https://q499.')]) {
    expect(await send(other)).toMatchObject({ status: 422, body: { job: null, userErrors: [{ code: 'CONFLICT', message: 'The idempotencyKey "monday" was used with another input; use a new key.' }] } });
  }
  expect(await imported()).toBe(500);
  expect(await jobs()).toHaveLength(1);
});

test('another file with the same key is refused where it is another one only after its first 32 kB, and in fewer or more rows', async () => {
  const send = async (body: string) => {
    const outgoing = upload({ 'idempotency-key': 'tuesday' });
    outgoing.end(body);
    return answerOf(outgoing);
  };
  const file = header + rows(0, 5_000);
  const first = await send(file);
  expect(first).toMatchObject({ status: 200, body: { userErrors: [] } });
  expect(await send(file)).toEqual(first);

  for (const other of [file.replace('https://p4321.', 'https://q4321.'), file.replace('P,https://p4999.example/\n', ''), file + rows(5_000, 1)]) {
    expect(await send(other)).toMatchObject({ status: 422, body: { job: null, userErrors: [{ code: 'CONFLICT' }] } });
  }
  expect(await imported()).toBe(5_000);
  expect(await jobs()).toMatchObject([{ status: 'succeeded', processed: 5_000 }]);
});

test('of two uploads with one key at once, the second waits for the first, and is refused when it was another file', async () => {
  const first = upload({ 'idempotency-key': 'wednesday' });
  first.write(header + rows(0, 4_000));
  await waitFor(async () => (await imported()) > 0);
  const [same, other] = ['', 'P,https://other.example/\n'].map((more) => {
    const outgoing = upload({ 'idempotency-key': 'wednesday' });
    outgoing.end(header + rows(0, 4_500) + more);
    return answerOf(outgoing);
  });
  first.end(rows(4_000, 500));
  expect(await answerOf(first)).toEqual(await same);
  expect(await other).toMatchObject({ status: 422, body: { userErrors: [{ code: 'CONFLICT' }] } });
  expect(await imported()).toBe(4_500);
});

test('a repeat that nobody waits for any more does not wait either', async () => {
  const first = upload({ 'idempotency-key': 'friday' });
  first.write(header + rows(0, 4_000));
  await waitFor(async () => (await imported()) > 0);
  const asks = async () => (await statementsOf(() => delay(3_000))).some((text) => text.includes(`parameters -> 'read'`));
  const repeat = upload({ 'idempotency-key': 'friday' });
  repeat.end(header + rows(0, 4_500));
  await waitFor(asks);
  repeat.destroy();
  await waitFor(async () => !(await asks()));
  first.end();
  expect(await answerOf(first)).toMatchObject({ status: 200 });
});

test('an upload that broke off is sent again with its key, and is imported', async () => {
  const broken = upload({ 'idempotency-key': 'thursday' });
  broken.write(header + rows(0, 2_500));
  await waitFor(async () => (await imported()) > 0);
  broken.destroy();
  await waitFor(async () => (await jobs())[0]?.status === 'failed');

  const again = [0, 1].map(() => {
    const outgoing = upload({ 'idempotency-key': 'thursday' });
    outgoing.end(header + rows(0, 2_600));
    return answerOf(outgoing);
  });
  const [one, two] = await Promise.all(again);
  expect(one).toMatchObject({ status: 200, body: { userErrors: [] } });
  expect(two).toEqual(one);
  expect(await imported()).toBe(2_600);
  expect((await jobs()).map(({ status }) => status).sort()).toEqual(['failed', 'succeeded']);
});

test('while the schema lacks what an import needs, an upload is refused with what is missing, before anything is read', async () => {
  await api.sql('alter table job_chunks rename column lease_until to lease_gone');
  try {
    await api.ask('{ schemaHealth(refresh: true) { status } }');
    const outgoing = upload();
    outgoing.end(header + rows(0, 1));
    expect(await answerOf(outgoing)).toMatchObject({
      status: 503,
      body: { errors: [{ extensions: { code: 'SCHEMA_NOT_READY', missing: ['job_chunks.lease_until'], fix: expect.stringContaining('outrider') } }] },
    });
    expect(await jobs()).toEqual([]);
  } finally {
    await api.sql('alter table job_chunks rename column lease_gone to lease_until');
    await api.ask('{ schemaHealth(refresh: true) { status } }');
  }
});

const steer = async (mutation: 'pauseJob' | 'resumeJob' | 'cancelJob', id: string) => {
  const { data } = await api.ask(`mutation ($id: ID!) { ${mutation}(input: { id: $id }) { job { status } userErrors { message } } }`, { id });
  expect(data[mutation].userErrors).toEqual([]);
  return data[mutation].job.status as string;
};

/** An upload that was paused in mid file, and stands still. */
async function paused(): Promise<{ outgoing: ClientRequest; id: string; atRest: number }> {
  const outgoing = upload();
  outgoing.write(header + rows(0, 3_000));
  await waitFor(async () => (await imported()) > 0);
  const { data } = await api.ask('{ jobs { nodes { id } } }');
  const [{ id }] = data.jobs.nodes as [{ id: string }];
  expect(await steer('pauseJob', id)).toBe('PAUSED');
  outgoing.write(rows(3_000, 10_500));
  // It stands still when it renews the lease of one chunk again and again.
  const leases = new Map<number, Set<string>>();
  await waitFor(async () => {
    const [{ number, lease }] = await api.sql(`select number, lease_until::text as lease from job_chunks where state = 'running'`);
    const seen = leases.get(number) ?? new Set();
    leases.set(number, seen.add(lease));
    return seen.size > 2;
  });
  const atRest = await imported();
  expect(atRest).toBeLessThan(13_500);
  return { outgoing, id, atRest };
}

test('an import that is paused stands still, and goes on where it stopped', async () => {
  const { outgoing, id, atRest } = await paused();
  expect(await steer('resumeJob', id)).toBe('RUNNING');
  await waitFor(async () => (await imported()) > atRest);
  outgoing.end();

  expect(await answerOf(outgoing)).toEqual({ status: 200, body: { job: { id }, userErrors: [] } });
  expect(await jobs()).toEqual([{ id: uuidOf('Job', id), status: 'succeeded', error: null, processed: 13_500 }]);
  expect(await imported()).toBe(13_500);
});

test('a paused import that is cancelled ends, and keeps what it imported', async () => {
  const { outgoing, id, atRest } = await paused();
  await steer('cancelJob', id);

  expect(await answerOf(outgoing)).toMatchObject({ status: 200, body: { job: { id } } });
  expect(await jobs()).toMatchObject([{ status: 'cancelled', processed: atRest }]);
  expect(await imported()).toBe(atRest);
  outgoing.destroy();
});
