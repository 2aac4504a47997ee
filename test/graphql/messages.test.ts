import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { seed, startApi, statementsOf, uuid, type Api } from './support.ts';

const count = 40;
let api: Api;

beforeAll(async () => {
  api = await startApi();
  await seed(api, count);
  await seedMessages(api);
});
afterAll(() => api.stop());

/** An e-mail message for each prospect and a social one for each of its two profiles; every fifth is blocked, every second of them was sent. */
async function seedMessages({ sql }: Api): Promise<void> {
  await sql(
    `insert into email_messages (id, prospect_id, draft_id, job_id, subject, body, recipient, message_id, status, blocked_by, due_at, sent_at, created_at)
     select ${uuid('mail')}, ${uuid('prospect')}, ${uuid('email')}, ${uuid('job', '1')}, 'Hello ' || n, 'Body', 'user' || n || '@example.org', 'm' || n || '@example.org',
       case when n % 2 = 0 then 'sent' else 'queued' end::message_status, case when n % 5 = 0 then 'The daily cap of 500 is reached.' end,
       case when n % 5 = 0 then '2027-01-01T00:00:00Z'::timestamptz end, case when n % 2 = 0 then now() end, '2026-03-01T00:00:00Z'::timestamptz + n / 3 * interval '1 second'
     from generate_series(1, $1) n`,
    [count],
  );
  await sql(
    `insert into social_messages (id, social_profile_id, draft_id, body, recipient, status, is_follow_up, attempts, error, created_at)
     select ${uuid('note', 'n, k')}, ${uuid('profile', 'n, k')}, ${uuid('social', 'n, k')}, 'Hi', 'https://github.com/user' || n,
       case when n % 4 = 0 then 'failed' else 'queued' end::message_status, k = 2, 3, case when n % 4 = 0 then 'refused' end,
       '2026-03-01T00:00:00Z'::timestamptz + n / 3 * interval '1 second'
     from generate_series(1, $1) n, generate_series(1, 2) k`,
    [count],
  );
}

const global = (type: string, key: string) => Buffer.from(`${type}:${key}`).toString('base64url');

test('the messages of both channels are one list, the newest first, the same forwards and backwards', async () => {
  const walk = async (backwards: boolean): Promise<string[]> => {
    const found: string[] = [];
    for (let cursor: string | null = null; ; ) {
      const { data } = await api.ask(
        `query ($cursor: String) { messages(${backwards ? 'last: 17, before' : 'first: 17, after'}: $cursor) { nodes { id createdAt } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount } }`,
        { cursor },
      );
      const { nodes, pageInfo, totalCount } = data.messages;
      expect(totalCount).toBe(3 * count);
      const ids = nodes.map(({ id }: { id: string }) => id);
      if (backwards) found.unshift(...ids);
      else found.push(...ids);
      if (!(backwards ? pageInfo.hasPreviousPage : pageInfo.hasNextPage)) return found;
      cursor = backwards ? pageInfo.startCursor : pageInfo.endCursor;
    }
  };
  const forwards = await walk(false);
  const sorted = await api.sql(`select id from (select id, created_at from email_messages union all select id, created_at from social_messages) m order by created_at desc, id desc`);
  expect(forwards).toEqual(sorted.map(({ id }) => global('Message', id)));
  expect(await walk(true)).toEqual(forwards);
});

test.each([
  ['', 120],
  ['filter: { channel: EMAIL }', 40],
  ['filter: { channel: SOCIAL }', 80],
  ['filter: { status: [QUEUED] }', 80],
  ['filter: { status: [SENT, FAILED] }', 40],
  ['filter: { status: [OUTCOME_UNKNOWN] }', 0],
  ['filter: { status: [] }', 0],
  ['filter: { isBlocked: true }', 8],
  ['filter: { isBlocked: false, channel: EMAIL }', 32],
  ['filter: { search: "number7" }', 1],
  ['filter: { search: "user7" }', 3],
  ['filter: { search: "\\"user7-2\\"" }', 1],
  ['filter: { jobId: "nonsense" }', 0],
  ['filter: { channel: EMAIL, status: [SENT], isBlocked: true }', 4],
])('messages(%s) counts %i, and has as many rows', async (args, expected) => {
  const { data, errors } = await api.ask(`{ messages(first: 100${args && `, ${args}`}) { totalCount nodes { id } } }`);
  expect(errors).toBeUndefined();
  expect(data.messages.totalCount).toBe(expected);
  expect(data.messages.nodes).toHaveLength(Math.min(expected, 100));
});

test('what waits is counted by what holds it', async () => {
  const { data, errors } = await api.ask('{ waitingMessages { channel reason blockedBy count dueAt } }');
  expect(errors).toBeUndefined();
  const free = { reason: 'NONE', blockedBy: null, dueAt: null };
  expect(data.waitingMessages).toEqual([
    { ...free, channel: 'SOCIAL', count: 60 },
    { ...free, channel: 'EMAIL', count: 16 },
    { channel: 'EMAIL', reason: 'DAILY_CAP', blockedBy: 'The daily cap of 500 is reached.', count: 4, dueAt: '2027-01-01T00:00:00.000Z' },
  ]);
});

test('the messages of a job are found by its global id', async () => {
  const [{ id }] = await api.sql(`select ${uuid('job', '1')} as id`);
  const { data } = await api.ask('query ($id: ID!) { messages(filter: { jobId: $id }) { totalCount } }', { id: global('Job', id) });
  expect(data.messages.totalCount).toBe(count);
});

test('a message says all that the contract promises of it', async () => {
  const [{ mail, note }] = await api.sql(`select ${uuid('mail', '5')} as mail, ${uuid('note', '4, 2')} as note`);
  const fields = `channel status isFollowUp subject body error recipient blockedBy dueAt attempts createdAt sentAt
    prospect { displayName } socialProfile { username } draft { subject channel } job { type }`;
  const { data, errors } = await api.ask(`query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Message { ${fields} } } node(id: "${global('Message', mail)}") { __typename } }`, {
    ids: [global('Message', mail), global('Message', note)],
  });
  expect(errors).toBeUndefined();
  expect(data.node.__typename).toBe('Message');
  expect(data.nodes).toEqual([
    {
      id: global('Message', mail), channel: 'EMAIL', status: 'QUEUED', isFollowUp: false, subject: 'Hello 5', body: 'Body', error: null, recipient: 'user5@example.org',
      blockedBy: 'The daily cap of 500 is reached.', dueAt: '2027-01-01T00:00:00.000Z', attempts: 0, createdAt: '2026-03-01T00:00:01.000Z', sentAt: null,
      prospect: { displayName: 'Name 5 5' }, socialProfile: null, draft: { subject: 'Hello 5', channel: 'EMAIL' }, job: { type: 'DRAFT' },
    },
    {
      id: global('Message', note), channel: 'SOCIAL', status: 'FAILED', isFollowUp: true, subject: null, body: 'Hi', error: 'refused', recipient: 'https://github.com/user4',
      blockedBy: null, dueAt: null, attempts: 3, createdAt: '2026-03-01T00:00:01.000Z', sentAt: null,
      prospect: { displayName: 'Name 4 4' }, socialProfile: { username: 'User4-2' }, draft: { subject: null, channel: 'SOCIAL' }, job: null,
    },
  ]);
});

test('a prospect has its messages of both channels, a profile its own, each filtered and counted', async () => {
  const { data, errors } = await api.ask(`{ prospects(first: 1, filter: { search: "number7" }) { nodes {
    messages(first: 2) { totalCount nodes { channel } pageInfo { hasNextPage } }
    mails: messages(filter: { channel: EMAIL }) { totalCount nodes { channel } }
    socialProfiles { messages { totalCount nodes { socialProfile { id } } } mails: messages(filter: { channel: EMAIL }) { totalCount nodes { id } } id }
  } } }`);
  expect(errors).toBeUndefined();
  const [prospect] = data.prospects.nodes;
  expect(prospect.messages).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
  expect(prospect.messages.nodes).toHaveLength(2);
  expect(prospect.mails).toEqual({ totalCount: 1, nodes: [{ channel: 'EMAIL' }] });
  expect(prospect.socialProfiles).toHaveLength(2);
  for (const { id, messages, mails } of prospect.socialProfiles) {
    expect(messages).toEqual({ totalCount: 1, nodes: [{ socialProfile: { id } }] });
    expect(mails).toEqual({ totalCount: 0, nodes: [] });
  }
});

test('messages cost one statement an edge, whatever the page size', async () => {
  const query = (first: number) => `{ prospects(first: ${first}) { nodes {
    messages(first: 3) { totalCount nodes { body draft { id } job { id } socialProfile { username } prospect { displayName } } }
    socialProfiles { messages(first: 3) { nodes { id } } } } } }`;
  // prospects · messages · draft · job · socialProfile · prospect · socialProfiles · their messages
  expect(await statementsOf(() => api.ask(query(2)))).toHaveLength(8);
  expect(await statementsOf(() => api.ask(query(40)))).toHaveLength(8);
});

test.each(['first: -1', 'first: 101', 'first: 1, last: 1', 'after: "nonsense"'])('messages(%s) is refused, and the other root fields still answer', async (args) => {
  const { data, errors } = await api.ask(`{ messages(${args}) { nodes { id } } viewer { name } }`);
  expect(data).toEqual({ messages: null, viewer: { name: 'admin' } });
  expect(errors).toMatchObject([{ path: ['messages'], extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('while the social messages cannot be read, the e-mail ones are, and no list is empty with a total', async () => {
  await api.sql('alter table social_messages rename to gone_away');
  try {
    const { data, errors } = await api.ask('{ both: messages { totalCount nodes { id } } mails: messages(first: 1, filter: { channel: EMAIL }) { totalCount nodes { channel } } }');
    expect(data).toEqual({ both: null, mails: { totalCount: count, nodes: [{ channel: 'EMAIL' }] } });
    expect(errors).toMatchObject([{ path: ['both'], extensions: { code: 'SCHEMA_NOT_READY', missing: ['social_messages'] } }]);
  } finally {
    await api.sql('alter table gone_away rename to social_messages');
  }
});
