import { afterEach, expect, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { toGlobalId } from '../../src/domain/globalId.ts';
import { hashOf } from '../../src/domain/tokens.ts';
import type { Caller } from '../../src/limits/createGate.ts';
import { expectTold, startSockets } from '../graphql/socketSupport.ts';
import { adminToken, startApi } from '../graphql/support.ts';
import { waitFor } from '../support/waitFor.ts';

/** Sockets whose readers have points unless they are among `poor`; `taken` is what was asked of whom. */
async function start() {
  const poor = new Set<string>();
  const taken: [name: string, cost: number, events: number][] = [];
  const takeEvents = ({ name }: Caller, cost: number, events: number): number => {
    taken.push([name, cost, events]);
    return poor.has(name) ? 5 : 0;
  };
  return { poor, taken, sockets: await startSockets({ gate: { takeEvents } }) };
}

let running: Awaited<ReturnType<typeof start>> | null = null;
afterEach(async () => {
  await running?.sockets.close();
  running = null;
});

test('while no reader has points nothing is told, and then the latest state alone', async () => {
  const { poor, taken, sockets } = (running = await start());
  const client = await sockets.connect('viewer:ann');
  client.subscribe('1');
  await waitFor(() => sockets.feed.opened === 1);
  sockets.feed.put({ number: 1 });
  await expectTold(client, '1', [1]);
  poor.add('ann');
  sockets.feed.put({ number: 2 });
  await expectTold(client, '1', [1, 2]);

  sockets.feed.put({ number: 3 });
  sockets.feed.put({ number: 4 });
  const asked = taken.length;
  await waitFor(() => taken.length > asked + 3);
  await expectTold(client, '1', [1, 2]);
  sockets.feed.put({ number: 5 });
  poor.clear();
  await expectTold(client, '1', [1, 2, 5]);
});

test('one event is paid once, by whoever of its readers has the points: the poor hold up nobody', async () => {
  const { poor, taken, sockets } = (running = await start());
  const [ann, bob] = [await sockets.connect('viewer:ann'), await sockets.connect('viewer:bob')];
  ann.subscribe('a');
  await waitFor(() => sockets.feed.opened === 1);
  sockets.feed.put({ number: 1 });
  await expectTold(ann, 'a', [1]);
  bob.subscribe('b');
  await waitFor(() => sockets.feed.asked === 1);
  poor.add('ann');
  sockets.feed.put({ number: 2 }, { answers: 1 });
  sockets.feed.put({ number: 2, padding: 'x' }, { key: 'another', answers: 1 });
  await waitFor(() => taken.length === 3);
  sockets.feed.put({ number: 3 });
  await waitFor(() => [ann, bob].every(({ messages }) => messages.some(({ payload }) => payload?.data?.state.number === 3)));

  const [[, cost]] = taken as [(typeof taken)[number]];
  await waitFor(() => taken.length === 5);
  expect(taken).toEqual([['ann', cost, 1], ['ann', cost, 2], ['bob', cost, 2], ['ann', cost, 1], ['bob', cost, 1]]);
});

test('whoever leaves while there are no points leaves nothing behind', async () => {
  const { poor, sockets, taken } = (running = await start());
  const client = await sockets.connect('viewer:ann');
  poor.add('ann');
  client.subscribe('1');
  await waitFor(() => sockets.feed.opened === 1);
  sockets.feed.put({ number: 1 });
  await waitFor(() => taken.length > 2);
  client.send({ id: '1', type: 'complete' });
  await waitFor(() => sockets.feed.streams.size === 0);
  const asked = taken.length;
  client.subscribe('2', 'subscription { state { role } }');
  await waitFor(() => sockets.feed.opened === 2);
  expect(taken.length).toBeLessThanOrEqual(asked + 1);
});

test('a key that has no points left is told less often than one that has, and the state in which things end', async () => {
  const api = await startApi(undefined, undefined, { RATE_LIMIT: '100', RATE_LIMIT_BURST: '200' });
  const clients: ReturnType<typeof createClient>[] = [];
  try {
    await api.sql(`insert into api_keys (id, name, role, hash) values (gen_random_uuid(), 'greedy', 'viewer', $1)`, [hashOf('key-greedy')]);
    await api.sql(`insert into jobs (id, job_type, status, sequence) values ('018f0000-0000-7000-8000-000000000001', 'draft', 'running', 1)`);
    const watch = (token: string, query: string): number[] => {
      const client = createClient({ url: `${api.url.replace('http', 'ws')}graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${token}` }, lazy: false });
      clients.push(client);
      const told: number[] = [];
      client.subscribe<{ jobsChanged: { sequence: number } }>({ query }, { next: ({ data }) => void told.push(data!.jobsChanged.sequence), error: () => {}, complete: () => {} });
      return told;
    };
    const greedy = watch('key-greedy', 'subscription { jobsChanged { sequence failures(first: 100) { nodes { message } } } }');
    const modest = watch(adminToken, 'subscription { jobsChanged { sequence } }');
    const id = toGlobalId('Job', '018f0000-0000-7000-8000-000000000001');
    let sequence = 1;
    const change = async (): Promise<void> => {
      const { data } = await api.ask(`mutation ($id: ID!) { ${sequence % 2 ? 'pauseJob' : 'resumeJob'}(input: { id: $id }) { job { sequence } userErrors { message } } }`, { id });
      sequence = (data.pauseJob ?? data.resumeJob).job.sequence;
      await waitFor(() => modest.at(-1) === sequence);
    };
    // Both are told of changes from here on.
    await waitFor(async () => (await change(), greedy.length > 0 && modest.length > 0));
    for (let time = 0; time < 20; time++) await change();
    await waitFor(() => greedy.at(-1) === sequence);
    expect(greedy.length).toBeLessThan(modest.length / 2);
    expect(greedy).toEqual(greedy.toSorted((one, other) => one - other));
  } finally {
    await Promise.all(clients.map((client) => client.dispose()));
    await api.stop();
  }
});
