import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Client as Postgres } from 'pg';
import { WebSocket } from 'ws';
import { buildSchema } from '../../src/app/buildSchema.ts';
import { toGlobalId } from '../../src/domain/globalId.ts';
import { makeFixtures } from '../graphql/gating/fixtures.ts';
import { site } from '../graphql/gating/site.ts';
import { adminToken, startApi, type Api } from '../graphql/support.ts';
import { waitFor } from '../support/waitFor.ts';
import { givenArguments, type Ids } from './givenArguments.ts';
import { documentOf, subscriptionsOf, type Operation } from './places.ts';
import { runsOf, seedOfRun, timeoutMs } from './runs.ts';

const operations = subscriptionsOf(buildSchema());

let api: Api;
let ids: Ids;
let listener: Listener;
beforeAll(async () => {
  // One socket asks for all: this is no test of how many messages it may send.
  api = await startApi(undefined, undefined, { LIMIT_MESSAGES_PER_SECOND: '0' });
  const owner = new Postgres({ connectionString: api.databaseUrl });
  await owner.connect();
  try {
    await makeFixtures(owner);
    ids = new Map(await Promise.all([['Draft', 'email_drafts'], ['Draft', 'social_drafts'], ['Job', 'jobs'], ['Prospect', 'prospects'], ['Template', 'templates']].map(async ([type, table]) =>
      [table === 'social_drafts' ? 'SocialDraft' : type!, (await owner.query<{ id: string }>(`select id from ${table}`)).rows.map(({ id }) => toGlobalId(type as 'Job', id))] as const)));
  } finally {
    await owner.end();
  }
  listener = await Listener.open(`${api.url.replace(/^http/, 'ws')}graphql`);
});
afterAll(async () => {
  listener.socket.close();
  await api.stop();
  await site.close();
});

interface Told {
  id: string;
  type: 'next' | 'error' | 'complete';
  payload?: any;
}

/** One socket for all that is asked: what is wrong with one subscription must not cost another. */
class Listener {
  readonly #told = new Map<string, Told>();
  readonly socket: WebSocket;
  closed: number | null = null;
  #count = 0;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('close', (code) => {
      this.closed = code;
    });
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Told;
      if (message.id && !this.#told.has(message.id)) this.#told.set(message.id, message);
    });
  }

  static async open(url: string): Promise<Listener> {
    const socket = new WebSocket(url, 'graphql-transport-ws');
    const isAcknowledged = new Promise((resolve) => socket.once('message', resolve));
    socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${adminToken}` } })));
    await isAcknowledged;
    return new Listener(socket);
  }

  /** The first that is said to a subscription, which then ends. */
  async ask(query: string, variables: object): Promise<Told> {
    const id = String((this.#count += 1));
    this.socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } }));
    const told = await waitFor(() => this.#told.get(id) ?? (this.closed === null ? null : { id, type: 'error' as const, payload: [{ message: `closed: ${this.closed}`, extensions: {} }] }), { intervalMs: 1 });
    if (told.type === 'next') this.socket.send(JSON.stringify({ id, type: 'complete' }));
    return told;
  }
}

const mistakes = ['BAD_USER_INPUT', 'NOT_FOUND', 'GRAPHQL_VALIDATION_FAILED'];
const errorsOf = ({ type, payload }: Told): any[] => (type === 'error' ? payload : payload?.errors ?? []);
const known = (operation: Operation) => (operation.field.name === 'draftChanged' ? [...ids.get('Draft')!, ...ids.get('SocialDraft')!] : ids.get('Job')!);

test('every subscription that takes something is tried', () => {
  expect(operations.map(({ name }) => name)).toEqual(['Subscription.draftChanged', 'Subscription.jobProgress']);
});

test.each(operations)('$name tells the present state of what there is, and of anything else why not', async (operation) => {
  let states = 0;
  await fc.assert(
    fc.asyncProperty(givenArguments(operation, ids), async ({ args }) => {
      const told = await listener.ask(documentOf(operation), args);
      const errors = errorsOf(told);
      expect([errors.filter(({ extensions }) => !mistakes.includes(extensions.code)), listener.closed]).toEqual([[], null]);
      const isKnown = known(operation).includes(args['id'] as string);
      expect([args['id'], errors.length === 0 && told.payload?.data != null]).toEqual([args['id'], isKnown]);
      if (isKnown) states += 1;
    }),
    { seed: seedOfRun, numRuns: runsOf(40), endOnFailure: true },
  );
  expect(states).toBeGreaterThan(0);
}, timeoutMs);

test('ids that do not exist, of other types and of no type are answered alike', async () => {
  const [operation] = operations;
  const given = [toGlobalId('Draft', '00000000-0000-7000-8000-000000000000'), ids.get('Job')![0], 'nonsense', ''];
  const answers = await Promise.all(given.map((id) => listener.ask(documentOf(operation!), { id })));
  const said = answers.map((told) => errorsOf(told).map(({ message, extensions }) => [message, extensions.code]));
  expect(said).toEqual(given.map(() => said[0]));
  expect(said[0]).toEqual([[expect.any(String), 'NOT_FOUND']]);
});
