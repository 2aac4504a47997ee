import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { Entry, Events } from '../../src/events/events.ts';
import { Outbox } from '../../src/events/outbox.ts';
import { createEvents } from '../../src/events/createEvents.ts';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const opened: Events[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((events) => events.close()));
});

function open(url = database.url): Events {
  const events = createEvents({ databaseUrl: url, log: pino({ level: 'silent' }) });
  opened.push(events);
  return events;
}

/** What a process hears; null stands for "something may have been missed", as after its first connection. */
async function listen(): Promise<(readonly Entry[] | null)[]> {
  const heard: (readonly Entry[] | null)[] = [];
  open().subscribe('jobs', (entries) => heard.push(entries));
  await waitFor(() => heard.length > 0);
  heard.length = 0;
  return heard;
}

const backends = `from pg_stat_activity where datname = current_database() and application_name = 'outrider events'`;

test('what one process publishes, every other one hears', async () => {
  const [one, two] = [await listen(), await listen()];
  open().publish('jobs', [['a', 1]]);

  await waitFor(() => one.length > 0 && two.length > 0);
  expect([one, two]).toEqual([[[['a', 1]]], [[['a', 1]]]]);
});

test('a burst about one job is one notice with the greatest sequence', async () => {
  const heard = await listen();
  const events = open();
  for (let sequence = 1; sequence <= 1_000; sequence += 1) events.publish('jobs', [['a', sequence]]);

  await waitFor(() => heard.length > 0);
  expect(heard).toEqual([[['a', 1_000]]]);
});

test('a thousand jobs at once are split below the limit of a notice, and none is lost', async () => {
  const heard = await listen();
  const entries = Array.from({ length: 1_000 }, (_, index): Entry => [randomUUID(), index]);
  open().publish('jobs', entries);

  await waitFor(() => heard.flat().length === 1_000);
  expect(heard.length).toBeGreaterThan(1);
  expect(new Set(heard.flat().map((entry) => entry?.[0])).size).toBe(1_000);
});

test('every payload is shorter than 8,000 bytes', () => {
  const outbox = new Outbox();
  outbox.add('jobs', Array.from({ length: 1_000 }, (): Entry => [randomUUID(), 2 ** 31 - 1]));

  for (const { payload } of outbox.take()) expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
  expect(outbox.isEmpty).toBe(true);
});

test('what gathers while nobody takes it becomes "read everything again", so that it cannot grow without end', () => {
  const outbox = new Outbox();
  for (let index = 0; index < 20_000; index += 1) outbox.add('drafts', [[randomUUID(), 0]]);
  outbox.add('jobs', [['a', 1]]);

  expect(outbox.take()).toEqual([
    { topic: 'drafts', entries: null, payload: 'null' },
    { topic: 'jobs', entries: [['a', 1]], payload: '[["a",1]]' },
  ]);
  expect(outbox.isEmpty).toBe(true);
});

test('a listener whose connection was ended is told to read again, and hears what comes then', async () => {
  const heard = await listen();
  await queryOnce(database.url, `select pg_terminate_backend(pid) ${backends}`);

  await waitFor(() => heard.includes(null));
  open().publish('jobs', [['b', 7]]);
  await waitFor(() => heard.some((entries) => entries?.[0]?.[0] === 'b'));
});

test('many subscribers of a process share one connection', async () => {
  const events = open();
  const connected = new Promise<void>((resolve) => events.subscribe('jobs', () => resolve()));
  for (let index = 0; index < 50; index += 1) events.subscribe(index % 2 ? 'work' : 'jobs', () => {});
  await connected;

  await waitFor(async () => (await queryOnce(database.url, `select ${backends}`)).length === 1);
});

test('what somebody else notifies on the channel counts as missed', async () => {
  const heard = await listen();
  await queryOnce(database.url, `select pg_notify('outrider_jobs', 'not ours')`);

  await waitFor(() => heard.length > 0);
  expect(heard).toEqual([null]);
});

test('closing does not wait for a database that is not there', async () => {
  const events = open('postgresql://nobody@127.0.0.1:1/nothing');
  events.publish('jobs', [['a', 1]]);
  await expect(events.close()).resolves.toBeUndefined();
});
