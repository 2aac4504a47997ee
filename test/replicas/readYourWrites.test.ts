import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { seed, type Api } from '../graphql/support.ts';
import { queryOnce } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';
import { portOf, ReplicatedBench, statementsByPort } from './support.ts';

let bench: ReplicatedBench;
let first: Api;
let second: Api;
/** tokens of two callers */
let ada: string;
let grace: string;
beforeAll(async () => {
  bench = await ReplicatedBench.open();
  const settings = { DATABASE_REPLICA_MAX_LAG: '60' };
  [first, second] = await Promise.all([bench.serveFromReplica(settings), bench.serveFromReplica(settings)]);
  [ada, grace] = [await keyOf('ada'), await keyOf('grace')];
});
afterAll(() => bench.remove());
beforeEach(async () => {
  await queryOnce(bench.primary.url, 'delete from prospects');
  await bench.caughtUp();
});
afterEach(() => bench.resume());

async function keyOf(name: string): Promise<string> {
  const { data } = await first.ask(`mutation { createApiKey(input: { name: "${name}", role: OPERATOR }) { key } }`);
  return data.createApiKey.key;
}

const list = '{ prospects(first: 50) { nodes { displayName } } }';
const create = (name: string) => `mutation { createProspect(input: { displayName: "${name}", profileUrl: "https://example.org/${name}" }) { prospect { displayName socialProfiles { id } } userErrors { code } } }`;

async function namesAt(api: Api, token: string, headers: Record<string, string> = {}): Promise<string[]> {
  const response = await api.post({ query: list }, { authorization: `Bearer ${token}`, ...headers });
  const { data } = (await response.json()) as { data: { prospects: { nodes: { displayName: string }[] } } };
  return data.prospects.nodes.map(({ displayName }) => displayName);
}

/** Once the caller's reads come from the replica again. */
const readsFromReplica = (api: Api, token: string) => waitFor(async () => portOf(bench.standby) in (await statementsByPort(() => api.ask(list, {}, token))));

test('lists, their edges, counts and nodes are read from the replica; mutations and what they answer are not', async () => {
  await seed(first, 3);
  await bench.caughtUp();
  await readsFromReplica(first, grace);
  const { data } = await first.ask('{ prospects { nodes { id } } }', {}, grace);
  const reads = await statementsByPort(async () => {
    await first.ask('{ prospects(first: 2) { totalCount nodes { id socialProfiles { id } } } }', {}, grace);
    await first.ask('query ($id: ID!) { node(id: $id) { id } }', { id: data.prospects.nodes[0].id }, grace);
    await first.ask('{ pipelineStatus { stages { stage count } } }', {}, grace);
  });
  const writes = await statementsByPort(() => first.ask(create('new'), {}, ada));

  expect(reads).toEqual({ [portOf(bench.standby)]: 4 });
  expect(Object.keys(writes)).toEqual([portOf(bench.primary)]);
});

describe('while the replica stands still', () => {
  test('a caller sees what it wrote, another caller what the replica has', async () => {
    await bench.pause();
    const { data } = await first.ask(create('new'), {}, ada);

    expect(data.createProspect).toEqual({ prospect: { displayName: 'new', socialProfiles: [] }, userErrors: [] });
    expect(await namesAt(first, ada)).toEqual(['new']);
    expect(await namesAt(first, grace)).toEqual([]);
  });

  test('what the caller wrote is read from the replica again when that has it', async () => {
    await bench.pause();
    await first.ask(create('new'), {}, ada);
    await bench.resume();
    await readsFromReplica(first, ada);

    expect(await namesAt(first, ada)).toEqual(['new']);
  });

  test('a mutation that was refused still leaves its caller on the safe side, and nobody else', async () => {
    await bench.pause();
    await queryOnce(bench.primary.url, `insert into prospects (id, canonical_key, display_name) values (gen_random_uuid(), 'example.org/by-hand', 'by hand')`);
    const { data } = await first.ask('mutation { pauseJob(input: { id: "none" }) { userErrors { code } } }', {}, ada);

    expect(data.pauseJob.userErrors).toEqual([{ code: 'NOT_FOUND' }]);
    expect(await namesAt(first, ada)).toEqual(['by hand']);
    expect(await namesAt(first, grace)).toEqual([]);
  });

  test('the caller sees it on another server at once, by the header that the answer had', async () => {
    await bench.pause();
    const response = await first.post({ query: create('new') }, { authorization: `Bearer ${ada}` });
    const position = response.headers.get('outrider-position')!;

    expect(position).toMatch(/^\d+$/);
    // By another caller, who is told of nothing: it is the header that does it.
    expect(await namesAt(second, grace, { 'outrider-position': position })).toEqual(['new']);
    expect(await namesAt(second, grace)).toEqual([]);
  });

  test('a browser does so by itself: the position is a cookie of its session', async () => {
    await bench.pause();
    const response = await first.post({ query: create('new') }, { authorization: `Bearer ${ada}` });
    const cookie = response.headers.getSetCookie().find((text) => text.startsWith('outrider_position='))!;

    expect(cookie).toMatch(/^outrider_position=\d+; Max-Age=65; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
    expect(await namesAt(second, grace, { cookie: `other=1; ${cookie.split(';')[0]}` })).toEqual(['new']);
  });

  test('a caller that sends nothing back sees it on another server as soon as that was told', async () => {
    await bench.pause();
    await first.ask(create('new'), {}, ada);

    await waitFor(async () => (await namesAt(second, ada)).includes('new'));
    expect(await namesAt(second, grace)).toEqual([]);
  });

  test('an upload counts as the caller\'s own write', async () => {
    await bench.pause();
    const body = 'displayName,profileUrl\nuploaded,https://example.org/uploaded\n';
    const response = await fetch(`${first.url}import?format=csv`, { method: 'POST', headers: { authorization: `Bearer ${ada}` }, body });

    expect(response.status).toBe(200);
    expect(await namesAt(first, ada)).toEqual(['uploaded']);
  });

  test.each(['abc', '-1', '1e99', '0/3000060', '99999999999999999999', ''])('the position "%s" of a client is none', async (position) => {
    await bench.pause();
    await first.ask(create('new'), {}, ada);

    expect(await namesAt(first, grace, { 'outrider-position': position })).toEqual([]);
  });

  test('a read that follows an event is not older than the event, on its own server and, with the position of the event, on another', async () => {
    const [{ id }] = (await queryOnce<{ id: string }>(
      bench.primary.url,
      `with made as (insert into prospects (id, canonical_key, display_name, email) values (gen_random_uuid(), 'example.org/a', 'old', 'a@example.org') returning id)
       insert into email_drafts (id, prospect_id, subject, body, fingerprint) select gen_random_uuid(), id, 'Hello', 'Body', 'f' from made returning id`,
    )) as [{ id: string }];
    const draftId = Buffer.from(`Draft:${id}`).toString('base64url');
    await bench.caughtUp();
    const socket = connect(first, grace);
    const events: { subject: string; position: number }[] = [];
    socket.subscribe<{ draftChanged: { subject: string } }, { position: number }>(
      { query: 'subscription ($id: ID!) { draftChanged(id: $id) { subject } }', variables: { id: draftId } },
      { next: ({ data, extensions }) => void events.push({ subject: data!.draftChanged.subject, position: Number(extensions?.position) }), error: () => {}, complete: () => {} },
    );
    await waitFor(() => events.length > 0);
    await bench.pause();
    await queryOnce(bench.primary.url, `update email_drafts set subject = 'Changed', fingerprint = 'g'`);
    const event = await waitFor(() => events.find(({ subject }) => subject === 'Changed'));
    const subjectAt = async (api: Api, token: string, headers: Record<string, string> = {}) => {
      const response = await api.post({ query: '{ drafts { nodes { subject } } }' }, { authorization: `Bearer ${token}`, ...headers });
      return ((await response.json()) as any).data.drafts.nodes[0].subject;
    };

    expect(await subjectAt(first, grace)).toBe('Changed');
    expect(await subjectAt(second, ada, { 'outrider-position': String(event.position) })).toBe('Changed');
    expect(await subjectAt(second, ada)).toBe('Hello');
    await socket.dispose();
  });
});

function connect(api: Api, token: string): Client {
  return createClient({ url: `${api.url.replace('http', 'ws')}graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${token}` } });
}
