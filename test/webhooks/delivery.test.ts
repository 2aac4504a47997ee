import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Kysely } from 'kysely';
import { createOrm } from '../../src/database/createOrm.ts';
import { recordEvent } from '../../src/services/webhooks/recordEvent.ts';
import { WebhookSender } from '../../src/services/webhooks/WebhookSender.ts';
import { createTestDatabase, openQueries, type Queries, type TestDatabase } from '../support/database.ts';
import { outreachOf } from '../support/outreach.ts';
import { waitFor } from '../support/waitFor.ts';
import { openReceiver, status, type Receiver } from './receiver.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

let database: TestDatabase;
let queries: Queries;
let orm: MikroORM;
let receiver: Receiver;
let stopping: AbortController;
let warnings: string[];
beforeAll(async () => {
  database = await createTestDatabase();
  orm = await createOrm({ url: database.url });
  queries = openQueries(database.url);
});
beforeEach(async () => {
  receiver = await openReceiver();
  stopping = new AbortController();
  warnings = [];
  await sql('truncate webhooks cascade');
});
afterEach(() => receiver.close());
afterAll(async () => {
  await orm.close(true);
  await queries.close();
  await database.drop();
});

const sql = (text: string, values?: unknown[]) => queries.query<any>(text, values);
const sender = (timeoutMs?: number) => new WebhookSender({
  em: () => orm.em.fork(), stopping: stopping.signal, outreach: outreachOf(), log: { info: () => {}, warn: (_, message) => void warnings.push(message) },
}, timeoutMs);

async function addWebhook({ url = receiver.url, events = ['job.finished'] } = {}): Promise<string> {
  const id = randomUUID();
  await sql('insert into webhooks (id, url, events, secret) values ($1, $2, $3, $4)', [id, url, events, secret]);
  return id;
}
const happen = (event: 'job.finished' | 'message.sent' = 'job.finished') =>
  orm.em.fork().transactional((tx) => recordEvent(tx.getKysely() as Kysely<any>, { event, payload: { job: 'id', status: 'SUCCEEDED' } }));

/** One round of attempts over all that is due. */
async function attempt(one = sender()): Promise<void> {
  await one.send();
  await one.settled();
}
const deliveries = () => sql(`select state, attempts, http_status, error, round(extract(epoch from due_at - now())) as due_in, finished_at is not null as finished from webhook_deliveries order by id`);
const dueNow = () => sql(`update webhook_deliveries set due_at = now()`);

test('an event reaches every webhook that wants it, and no other', async () => {
  await addWebhook();
  await addWebhook({ events: ['job.finished', 'message.sent'] });
  await addWebhook({ events: ['message.sent'] });
  await sql('update webhooks set enabled = false where id = $1', [await addWebhook()]);
  await happen();
  await attempt();

  expect(receiver.received).toHaveLength(2);
  expect(await deliveries()).toMatchObject([{ state: 'delivered', attempts: 1, http_status: 204, error: null, finished: true }, { state: 'delivered' }]);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

test('what is sent has the form and the signature of Standard Webhooks', async () => {
  await addWebhook();
  await happen();
  await attempt();
  const [{ headers, body }] = receiver.received as [Receiver['received'][0]];
  const [row] = await sql('select event_id, created_at from webhook_deliveries');

  expect(JSON.parse(body)).toEqual({ type: 'job.finished', timestamp: row.created_at.toISOString(), data: { job: 'id', status: 'SUCCEEDED' } });
  expect(headers).toMatchObject({ 'webhook-id': row.event_id, 'content-type': 'application/json' });
  expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
  const key = Buffer.from(secret.slice(6), 'base64');
  const expected = createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${expected}`);
});

test('an event whose transaction fails is told to nobody', async () => {
  await addWebhook();
  await expect(orm.em.fork().transactional(async (tx) => {
    await recordEvent(tx.getKysely() as Kysely<any>, { event: 'job.finished', payload: {} });
    throw new Error('rolled back');
  })).rejects.toThrow('rolled back');

  expect(await deliveries()).toEqual([]);
});

test.each([500, 503, 404, 429])('an answer of %i is tried again later, with the same id and body', async (code) => {
  await addWebhook();
  await happen();
  receiver.answer(status(code));
  await attempt();

  const [first] = await deliveries();
  expect(first).toMatchObject({ state: 'waiting', attempts: 1, http_status: code, error: `The receiver answered ${code}.`, finished: false });
  expect(Number(first.due_in)).toBeGreaterThan(2);
  expect(Number(first.due_in)).toBeLessThan(8);
  await attempt();
  expect(receiver.received).toHaveLength(1);

  receiver.answer(status(200));
  await dueNow();
  await attempt();
  expect(await deliveries()).toMatchObject([{ state: 'delivered', attempts: 2, http_status: 200, error: null }]);
  const [one, other] = receiver.received;
  expect([other!.headers['webhook-id'], other!.body]).toEqual([one!.headers['webhook-id'], one!.body]);
});

test('the pauses grow over some three days, and the twelfth failure is the last', async () => {
  await addWebhook();
  await happen();
  receiver.answer(status(500));
  const pauses: number[] = [];
  for (let tries = 1; tries <= 12; tries += 1) {
    await attempt();
    pauses.push(Number((await deliveries())[0].due_in));
    if (tries < 12) await dueNow();
  }

  const [end] = await deliveries();
  expect(end).toMatchObject({ state: 'failed', attempts: 12, finished: true });
  const waited = pauses.slice(0, 11);
  waited.forEach((pause, place) => expect(pause).toBeGreaterThan((waited[place - 1] ?? 0) * 0.8));
  const days = waited.reduce((sum, pause) => sum + pause, 0) / 86_400;
  expect(days).toBeGreaterThan(2.5);
  expect(days).toBeLessThan(3.4);
  await dueNow();
  await attempt();
  expect(receiver.received).toHaveLength(12);
});

test('a receiver that asks for time gets it', async () => {
  await addWebhook();
  await happen();
  receiver.answer(status(429, { 'retry-after': '3600' }));
  await attempt();

  expect(Number((await deliveries())[0].due_in)).toBeGreaterThan(3_500);
});

test('410 ends the delivery and disables the webhook', async () => {
  const id = await addWebhook();
  await happen();
  receiver.answer(status(410));
  await attempt();

  expect(await deliveries()).toMatchObject([{ state: 'failed', attempts: 1, http_status: 410, finished: true }]);
  expect(await sql('select enabled from webhooks')).toEqual([{ enabled: false }]);
  expect(await sql(`select actor, action from activities where subject_id = $1`, [id])).toEqual([{ actor: 'worker', action: 'webhook.disabled' }]);
  await happen();
  expect(await deliveries()).toHaveLength(1);
});

test('410 of a receiver that another one has replaced meanwhile disables nothing', async () => {
  const id = await addWebhook();
  await happen();
  let answer!: () => void;
  receiver.answer((response) => { answer = () => response.writeHead(410).end(); });
  const one = sender();
  await one.send();
  await waitFor(() => answer !== undefined);
  await sql(`update webhooks set url = 'https://new.example/hook' where id = $1`, [id]);
  answer();
  await one.settled();

  expect(await sql('select enabled from webhooks')).toEqual([{ enabled: true }]);
});

test('a redirect is not followed', async () => {
  await addWebhook();
  await happen();
  receiver.answer(status(307, { location: '/elsewhere' }));
  await attempt();

  expect(receiver.received.map(({ path }) => path)).toEqual(['/hook']);
  expect(await deliveries()).toMatchObject([{ state: 'waiting', http_status: 307, error: 'The receiver answered 307; redirects are not followed.' }]);
});

test.each<[string, (port: Receiver) => Promise<string>, RegExp]>([
  ['where nothing listens', async (one) => { await one.close(); return one.url; }, /ECONNREFUSED/],
  ['whose name there is not', async () => 'http://no-such-host.invalid/', /cannot be reached/],
  ['that breaks the connection', async (one) => { one.answer((response) => void response.destroy()); return one.url; }, /cannot be reached/],
])('an address %s is tried again later', async (_, urlOf, error) => {
  await addWebhook({ url: await urlOf(receiver) });
  await happen();
  await attempt();

  expect(await deliveries()).toMatchObject([{ state: 'waiting', attempts: 1, http_status: null, error: expect.stringMatching(error) }]);
});

test('an answer that has no end is not read', async () => {
  await addWebhook();
  await happen();
  receiver.answer((response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('x'.repeat(65_536)), 1);
    response.on('close', () => clearInterval(timer));
  });
  await attempt();

  expect(await deliveries()).toMatchObject([{ state: 'delivered' }]);
});

test('a receiver that is silent is given up in time, and holds up no other', async () => {
  const silent = await openReceiver();
  silent.answer(() => {});
  await addWebhook({ url: silent.url });
  await addWebhook();
  for (let events = 0; events < 6; events += 1) await happen();
  const one = sender();
  await one.send();

  await waitFor(async () => {
    await one.send();
    return receiver.received.length === 6;
  });
  // Four at once, and no more of them until one has ended.
  expect(silent.received).toHaveLength(4);
  await one.breakOff();
  await silent.close();
});

test('receivers that are silent and have much to be told hold up no other, however many they are', async () => {
  const silent = await openReceiver();
  const waiting: (() => void)[] = [];
  silent.answer((response) => { waiting.push(() => response.writeHead(500).end()); });
  for (let webhooks = 0; webhooks < 5; webhooks += 1) await addWebhook({ url: silent.url });
  for (let events = 0; events < 10; events += 1) await happen();
  const one = sender();
  await one.send();
  await waitFor(() => waiting.length === 20);
  await addWebhook();
  await happen();
  // One of twenty places becomes free.
  waiting.shift()!();

  await waitFor(async () => {
    await one.send();
    return receiver.received.length === 1;
  });
  expect(silent.received).toHaveLength(20);
  await one.breakOff();
  await silent.close();
});

test('the time-out is an attempt that failed', async () => {
  await addWebhook();
  await happen();
  receiver.answer(() => {});
  await attempt(sender(200));

  expect(await deliveries()).toMatchObject([{ state: 'waiting', attempts: 1, http_status: null, error: 'The receiver did not answer within 0.2 s.' }]);
});

test('what a worker has in hand when it stops is due again at once, and no attempt is lost', async () => {
  await addWebhook();
  await happen();
  receiver.answer(() => {});
  const one = sender();
  await one.send();
  await waitFor(async () => receiver.received.length === 1);
  await one.breakOff();
  expect(await deliveries()).toMatchObject([{ state: 'waiting', attempts: 0, error: null }]);

  receiver.answer(status(204));
  await attempt();
  expect(await deliveries()).toMatchObject([{ state: 'delivered', attempts: 1 }]);
});

test('a worker that is stopping takes nothing more', async () => {
  await addWebhook();
  await happen();
  stopping.abort();
  await attempt();

  expect(receiver.received).toEqual([]);
});

test('several processes share the work, and none is told twice', async () => {
  await addWebhook();
  await addWebhook();
  for (let events = 0; events < 15; events += 1) await happen();
  const senders = [sender(), sender(), sender()];
  await waitFor(async () => {
    await Promise.all(senders.map((one) => attempt(one)));
    return receiver.received.length >= 30;
  });

  expect(await sql(`select state, attempts, count(*)::int from webhook_deliveries group by 1, 2`)).toEqual([{ state: 'delivered', attempts: 1, count: 30 }]);
  expect(receiver.received).toHaveLength(30);
});

test('what a dead worker had in hand is tried again when its lease ends, and its late word changes nothing', async () => {
  await addWebhook();
  await happen();
  const late = Promise.withResolvers<void>();
  receiver.answer((response) => void late.promise.then(() => response.writeHead(500).end()));
  const dead = sender();
  await dead.send();
  await waitFor(async () => receiver.received.length === 1);
  await attempt();
  expect(receiver.received).toHaveLength(1);

  await dueNow();
  receiver.answer(status(204));
  await attempt();
  late.resolve();
  await dead.settled();
  expect(await deliveries()).toMatchObject([{ state: 'delivered', attempts: 2, http_status: 204, error: null }]);
});

test('what cannot be written down is said, and tried again', async () => {
  await addWebhook();
  await happen();
  receiver.answer((response) => void sql('alter table webhook_deliveries rename column http_status to gone').then(() => response.writeHead(204).end()));
  try {
    await attempt();
    expect(warnings).toEqual(['how a webhook delivery ended could not be written down']);
  } finally {
    await sql('alter table webhook_deliveries rename column gone to http_status');
  }
  expect(await deliveries()).toMatchObject([{ state: 'waiting', attempts: 1 }]);
});

test('nothing is sent to a webhook that is disabled, until it is enabled again', async () => {
  const id = await addWebhook();
  await happen();
  await sql('update webhooks set enabled = false where id = $1', [id]);
  await attempt();
  expect(receiver.received).toEqual([]);

  await sql('update webhooks set enabled = true where id = $1', [id]);
  await attempt();
  expect(receiver.received).toHaveLength(1);
});

