import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { waitFor } from '../support/waitFor.ts';
import { expectTold, startSockets } from './socketSupport.ts';

let server: Awaited<ReturnType<typeof startSockets>>;
beforeEach(async () => {
  server = await startSockets({ keepAliveMs: 480 });
});
afterEach(() => server.close());

const opened = (count: number) => waitFor(() => server.feed.opened === count, { intervalMs: 2 });
const asked = (count: number) => waitFor(() => server.feed.asked === count, { intervalMs: 2 });

/** Sockets that have subscribed and seen the first state. */
async function watching(count: number, token?: string) {
  const clients = await Promise.all(Array.from({ length: count }, () => server.connect(token)));
  clients[0]!.subscribe('id-0');
  await opened(1);
  server.feed.put({ number: 1 });
  await expectTold(clients[0]!, 'id-0', [1]);
  for (const [index, client] of clients.entries()) {
    if (index === 0) continue;
    const before = server.feed.asked;
    client.subscribe(`id-${index}`);
    await asked(before + 1);
    server.feed.put({ number: 1 }, { isNews: false, answers: server.feed.asked });
    await expectTold(client, `id-${index}`, [1]);
  }
  return clients;
}

test('equal subscriptions have one source and one execution an event, each under its own id', async () => {
  const clients = await watching(5);
  const before = server.counts.executions;
  server.feed.put({ number: 2 });
  for (const [index, client] of clients.entries()) await expectTold(client, `id-${index}`, [1, 2]);

  expect(server.feed.opened).toBe(1);
  expect(server.counts.executions - before).toBe(1);
});

test('one socket may subscribe to the same twice', async () => {
  const [client] = await watching(1);
  client!.subscribe('"quoted" ünïcode');
  await asked(1);
  server.feed.put({ number: 2 }, { answers: 1 });
  await expectTold(client, 'id-0', [1, 2]);
  await expectTold(client, '"quoted" ünïcode', [2]);
});

test.each([
  ['another document', 'subscription { state { number role } }', undefined, undefined],
  ['other variables', 'subscription Q($id: ID) { state(id: $id) { number } }', { id: 'other' }, undefined],
  ['another operation of one document', 'subscription A { state { number } } subscription B { state { role } }', undefined, 'B'],
])('%s is another subscription', async (_what, query, variables, operationName) => {
  const [first, second] = await Promise.all([server.connect(), server.connect()]);
  first.subscribe('first', query, variables && { id: 'one' }, operationName && 'A');
  await opened(1);
  second.subscribe('same', query, variables && { id: 'one' }, operationName && 'A');
  await asked(1);
  second.subscribe('other', variables || operationName ? query : 'subscription { state { number } }', variables, operationName);
  await opened(2);
  expect(server.feed.streams.size).toBe(2);
});

test('different roles never share; different names of one role do', async () => {
  const query = 'subscription { state { number role } }';
  const [ann, bob, root] = await Promise.all([server.connect('viewer:ann'), server.connect('viewer:bob'), server.connect('admin:root')]);
  ann.subscribe('a', query);
  await opened(1);
  bob.subscribe('b', query);
  await asked(1);
  root.subscribe('r', query);
  await opened(2);
  server.feed.put({ number: 1 }, { answers: 1 });
  const roleOf = (client: typeof ann) => waitFor(() => client.messages[0]?.payload.data.state.role);

  expect([await roleOf(ann), await roleOf(bob), await roleOf(root)]).toEqual(['viewer', 'viewer', 'admin']);
  expect(server.counts.executions).toBe(2);
});

test('an answer that would depend on a name is an error, not the answer of somebody else', async () => {
  const client = await server.connect();
  client.subscribe('a', 'subscription { state { name } }');
  await opened(1);
  server.feed.put({ number: 1 });
  await expectTold(client, 'a', [expect.stringContaining('must not depend on a name')]);
});

test('an event bears the position that all who get it may rely on', async () => {
  const [ann, bob] = await Promise.all([server.connect('viewer:ann'), server.connect('viewer:bob')]);
  ann.subscribe('a');
  await opened(1);
  bob.subscribe('b');
  await asked(1);
  server.position.now = 7;
  server.feed.put({ number: 1 }, { answers: 1 });
  await expectTold(ann, 'a', [1]);
  await expectTold(bob, 'b', [1]);
  expect([ann, bob].map(({ messages }) => messages[0]?.payload.extensions)).toEqual([{ position: 7 }, { position: 7 }]);
  expect(server.position.of).toEqual(['ann', 'bob']);
});

test('a late subscriber gets a state that was read after it came, which the others do not get again', async () => {
  const [early] = await watching(1);
  const late = await server.connect();
  late.subscribe('late');
  await asked(1);
  // Was read before it came, and is news to those who were there.
  server.feed.put({ number: 2 }, { answers: 0 });
  await expectTold(early, 'id-0', [1, 2]);
  server.feed.put({ number: 2 }, { isNews: false, answers: 1 });
  await expectTold(late, 'late', [2]);
  server.feed.put({ number: 3 });
  await expectTold(late, 'late', [2, 3]);
  await expectTold(early, 'id-0', [1, 2, 3]);
});

test('what is no news executes nothing where nobody waits for it', async () => {
  const [client] = await watching(1);
  const before = server.counts.executions;
  server.feed.put({ number: 1 }, { isNews: false, answers: 7 });
  server.feed.put({ number: 2 });
  await expectTold(client, 'id-0', [1, 2]);
  expect(server.counts.executions - before).toBe(1);
});

test('whose present state cannot be read is told so at once; the others go on', async () => {
  const [early] = await watching(1);
  const late = await server.connect();
  late.subscribe('late');
  await asked(1);
  server.feed.fault = new Error('cannot be read');
  server.feed.streams.forEach((stream) => stream.refuse(1));
  await expectTold(late, 'late', ['cannot be read', 'complete']);
  server.feed.fault = null;
  server.feed.put({ number: 2 });
  await expectTold(early, 'id-0', [1, 2]);
});

test('whose present state could not be read gets it when it can be again', async () => {
  const [early] = await watching(1);
  const late = await server.connect();
  late.subscribe('late');
  await asked(1);
  server.feed.streams.forEach((stream) => stream.refuse(1));
  await opened(2);
  server.feed.put({ number: 2 });
  await expectTold(late, 'late', [2]);
  await expectTold(early, 'id-0', [1, 2]);
});

test('the last event comes once, then everybody completes: also who came while it was read', async () => {
  const clients = await watching(3);
  const late = await server.connect();
  late.subscribe('late');
  await asked(3);
  server.feed.put({ number: 9 }, { answers: 0 });
  server.feed.end();
  for (const [index, client] of clients.entries()) await expectTold(client, `id-${index}`, [1, 9, 'complete']);
  await expectTold(late, 'late', [9, 'complete']);
  await late.settle();
  expect(late.told('late')).toEqual([9, 'complete']);
});

test('who comes after the end opens it anew', async () => {
  const [client] = await watching(1);
  server.feed.end();
  await expectTold(client, 'id-0', [1, 'complete']);
  client!.subscribe('id-0');
  await opened(2);
});

test('the source ends with the last subscriber, not before', async () => {
  const [first, second] = await watching(2);
  first!.send({ id: 'id-0', type: 'complete' });
  await first!.settle();
  expect(server.feed.streams.size).toBe(1);
  server.feed.put({ number: 2 });
  await expectTold(second, 'id-1', [1, 2]);
  expect(first!.told('id-0')).toEqual([1]);
  second!.socket.terminate();
  await waitFor(() => server.feed.streams.size === 0);
  first!.subscribe('id-0');
  await opened(2);
});

test('a source that opens after everybody has left ends at once', async () => {
  const client = await server.connect();
  client.subscribe('a');
  client.send({ id: 'a', type: 'complete' });
  await opened(1);
  await client.settle();
  await waitFor(() => server.feed.streams.size === 0);
});

test('an error at the opening goes to everybody, and the next one tries again', async () => {
  server.feed.fault = new Error('not there');
  const [first, second] = await Promise.all([server.connect(), server.connect()]);
  first.subscribe('a');
  second.subscribe('b');
  await expectTold(first, 'a', ['not there', 'complete']);
  await expectTold(second, 'b', ['not there', 'complete']);
  server.feed.fault = null;
  const before = server.feed.opened;
  first.subscribe('a');
  await opened(before + 1);
  server.feed.put({ number: 1 });
  await expectTold(first, 'a', ['not there', 'complete', 1]);
});

test('while the schema is broken a late subscriber is refused what could not be opened now', async () => {
  const [early] = await watching(1);
  server.schemaIs.broken = true;
  server.feed.fault = new Error('not ready');
  const late = await server.connect();
  late.subscribe('late');
  await expectTold(late, 'late', ['not ready', 'complete']);
  server.feed.fault = null;
  late.subscribe('late');
  await asked(1);
  server.feed.put({ number: 2 }, { answers: 1 });
  await expectTold(early, 'id-0', [1, 2]);
  await expectTold(late, 'late', ['not ready', 'complete', 2]);
  expect(server.feed.streams.size).toBe(1);
});

test.each([
  ['small', 12_000],
  ['large', 500_000],
])('a reader that stops costs one message (%s ones), and gets the newest when it reads again', async (_size, bytes) => {
  const query = 'subscription { state { number padding } }';
  const slow = await server.connect();
  const connection = server.connections.at(-1)!;
  const quick = await server.connect();
  slow.subscribe('slow', query);
  await opened(1);
  quick.subscribe('quick', query);
  await asked(1);
  slow.socket.pause();
  const padding = 'x'.repeat(bytes);
  let number = 0;
  const put = async () => {
    server.feed.put({ number: ++number, padding }, { answers: 1 });
    await turn();
  };
  // Until the buffers of the system are full.
  while (connection.writableLength === 0) await put();
  let most = 0;
  for (let more = 0; more < 50; more++) {
    await put();
    most = Math.max(most, connection.writableLength);
  }
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(bytes + 1_000);
  await waitFor(() => quick.told('quick').at(-1) === number);
  slow.socket.resume();
  await waitFor(() => slow.told('slow').at(-1) === number);
  const numbers = slow.told('slow') as number[];
  expect(numbers.length).toBeLessThan(number);
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
});

test('a slow reader gets the newest of each thing', async () => {
  const slow = await server.connect();
  const connection = server.connections.at(-1)!;
  slow.subscribe('slow', 'subscription { state { number padding } }');
  await opened(1);
  slow.socket.pause();
  let number = 0;
  const put = async (key: string) => {
    server.feed.put({ number: ++number, padding: 'x'.repeat(500_000) }, { key });
    await turn();
  };
  while (connection.writableLength === 0) await put('a');
  for (let times = 0; times < 5; times++) {
    await put('b');
    await put('c');
  }
  slow.socket.resume();
  await waitFor(() => slow.told('slow').includes(number));
  await slow.settle();
  expect(slow.told('slow').slice(-2).sort()).toEqual([number - 1, number]);
  expect(slow.told('slow').length).toBeLessThan(number);
});

test('an end waits for what a slow reader has not got yet', async () => {
  const slow = await server.connect();
  const connection = server.connections.at(-1)!;
  slow.subscribe('slow', 'subscription { state { number padding } }');
  await opened(1);
  slow.socket.pause();
  let number = 0;
  while (connection.writableLength === 0) {
    server.feed.put({ number: ++number, padding: 'x'.repeat(500_000) });
    await turn();
  }
  server.feed.put({ number: ++number });
  server.feed.end();
  await turn();
  slow.socket.resume();
  await waitFor(() => slow.told('slow').at(-1) === 'complete');
  expect(slow.told('slow').at(-2)).toBe(number);
});

test('a socket that does not answer pings is terminated, one that does stays', async () => {
  const silent = await server.connect('viewer:ann', { autoPong: false });
  const alive = await server.connect();
  await once(silent.socket, 'close');
  await alive.settle();
  expect(alive.socket.readyState).toBe(alive.socket.OPEN);
});

test('closing the server ends the sources and sends its sockets away', async () => {
  const [client] = await watching(1);
  const closed = once(client!.socket, 'close');
  await server.close();
  expect((await closed)[0]).toBe(1001);
  expect(server.feed.streams.size).toBe(0);
  server = await startSockets();
});
