import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { seed, startApi, statementsOf, type Api } from './support.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await seed(api, 150);
});
afterAll(() => api.stop());

const page = 'nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount';

/** Every id of a list, page by page, forwards or backwards. */
async function walk(field: string, args: string, backwards: boolean): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null = null;
  for (;;) {
    const bounds = `${backwards ? 'last' : 'first'}: 17${cursor ? `, ${backwards ? 'before' : 'after'}: "${cursor}"` : ''}`;
    const { data, errors } = await api.ask(`{ list: ${field}(${bounds}${args ? `, ${args}` : ''}) { ${page} } }`);
    expect(errors).toBeUndefined();
    const ids = data.list.nodes.map(({ id }: { id: string }) => id);
    expect(data.list.edges.map(({ cursor: edge }: { cursor: string }) => edge).at(backwards ? 0 : -1)).toBe(
      backwards ? data.list.pageInfo.startCursor : data.list.pageInfo.endCursor,
    );
    if (backwards) found.unshift(...ids);
    else found.push(...ids);
    cursor = backwards ? data.list.pageInfo.startCursor : data.list.pageInfo.endCursor;
    if (!(backwards ? data.list.pageInfo.hasPreviousPage : data.list.pageInfo.hasNextPage)) return found;
  }
}

const orders = [
  ['prospects', ['CREATED_AT', 'UPDATED_AT', 'DISPLAY_NAME', 'FOLLOWER_COUNT'], 150],
  ['socialProfiles', ['CREATED_AT', 'FOLLOWER_COUNT', 'USERNAME'], 300],
  ['drafts', ['CREATED_AT', 'UPDATED_AT'], 450],
  ['jobs', ['CREATED_AT', 'FINISHED_AT'], 15],
] as const;

for (const [field, names, count] of orders) {
  for (const name of names) {
    for (const direction of ['ASC', 'DESC']) {
      test(`${field} by ${name} ${direction} are the same rows in the same order forwards and backwards, each once`, async () => {
        const args = `orderBy: { field: ${name}, direction: ${direction} }`;
        const forwards = await walk(field, args, false);
        expect(new Set(forwards).size).toBe(count);
        expect(await walk(field, args, true)).toEqual(forwards);
      });
    }
  }
}

test.each([
  ['sourceType: WEBSITE', 'true'],
  ['sourcePlatform: [GITHUB]', `source_platform = 'github'`],
  ['sourcePlatform: [GITHUB, WEBSITE]', 'true'],
  ['stage: [REVIEWED, REJECTED]', `stage in ('reviewed', 'rejected')`],
  ['reviewStatus: [APPROVED]', `review_status = 'approved'`],
  ['draftStatus: [NONE]', `draft_status = 'none'`],
  ['hasEmail: true', 'email is not null'],
  ['hasEmail: false', 'email is null'],
  ['tag: "tag1"', `'tag1' = any(tags)`],
  ['tags: ["tag1", "all"]', `tags @> '{tag1,all}'`],
  ['tags: ["tag1", "none"]', 'false'],
  ['jobId: "nonsense"', 'false'],
  ['reviewBatch: "nonsense"', 'false'],
  ['createdAfter: "2026-01-01T00:00:20Z"', `created_at > '2026-01-01T00:00:20Z'`],
  ['createdBefore: "2026-01-01T00:00:20Z"', `created_at < '2026-01-01T00:00:20Z'`],
  ['minFollowers: 40', 'follower_count >= 40'],
  ['search: "number77"', `bio_text like '%number77'`],
  ['hasEmail: true, reviewStatus: [PENDING], search: "all"', `email is not null and review_status = 'pending'`],
])('prospects(filter: { %s }) selects what SQL says, and counts it', async (filter, condition) => {
  const [row] = await api.sql(`select count(*)::int as count from prospects where ${condition}`);
  const { data } = await api.ask(`{ prospects(first: 100, filter: { ${filter} }) { nodes { id } totalCount } }`);
  expect(data.prospects.totalCount).toBe(row.count);
  expect(data.prospects.nodes).toHaveLength(Math.min(row.count, 100));
});

test('prospects of a job are found by its global id', async () => {
  const { data } = await api.ask('{ jobs(last: 1, orderBy: { field: CREATED_AT, direction: ASC }) { nodes { id } } all: prospects { totalCount } }');
  const [{ job }] = await api.sql(`select source_job_id as job from prospects limit 1`);
  const jobId = Buffer.from(`Job:${job}`).toString('base64url');
  expect(data.jobs.nodes).toHaveLength(1);
  const answer = await api.ask('query ($job: ID) { prospects(filter: { jobId: $job }) { totalCount } }', { job: jobId });
  expect(answer.data.prospects.totalCount).toBe(150);
});

test.each([
  ['channel: SOCIAL', 300],
  ['channel: EMAIL', 150],
  ['filter: { status: [PENDING_REVIEW] }', 450],
  ['filter: { status: [SENT] }', 0],
  ['filter: { hasProblems: true }', 150],
  ['filter: { hasProblems: false }', 300],
  ['filter: { isFollowUp: false }', 450],
  ['filter: { search: "number7" }', 1],
  ['filter: { prospectId: "nonsense" }', 0],
])('drafts(%s) counts %i', async (args, count) => {
  const { data } = await api.ask(`{ drafts(${args}) { totalCount } }`);
  expect(data.drafts.totalCount).toBe(count);
});

test('a prospect has its drafts of both channels, page by page', async () => {
  const query = `query ($after: String) { prospects(first: 1) { nodes { drafts(first: 2, after: $after) {
    totalCount nodes { id channel subject } pageInfo { hasNextPage endCursor } } } } }`;
  const first = (await api.ask(query)).data.prospects.nodes[0].drafts;
  expect(first.totalCount).toBe(3);
  expect(first.pageInfo.hasNextPage).toBe(true);
  const second = (await api.ask(query, { after: first.pageInfo.endCursor })).data.prospects.nodes[0].drafts;
  expect(second.pageInfo.hasNextPage).toBe(false);
  const drafts = [...first.nodes, ...second.nodes];
  expect(new Set(drafts.map(({ id }: { id: string }) => id)).size).toBe(3);
  expect(drafts.map(({ channel }: { channel: string }) => channel).sort()).toEqual(['EMAIL', 'SOCIAL', 'SOCIAL']);
});

const everyEdge = (first: number) => `{ prospects(first: ${first}) { totalCount nodes {
  displayName
  socialProfiles { username latestDraft { id } prospect { displayName } }
  drafts(first: 3) { totalCount nodes { body job { status retryOf { id } } socialProfile { username } } }
} } }`;

test('a page costs one statement for the list and one for each edge, whatever its size', async () => {
  const small = await statementsOf(() => api.ask(everyEdge(1)));
  const large = await statementsOf(() => api.ask(everyEdge(100)));
  // prospects · socialProfiles · latestDraft · prospect · drafts · job · socialProfile; no job here is a retry
  expect(large).toHaveLength(7);
  expect(small).toHaveLength(7);
});

test('the statement reads only the columns that the selection names', async () => {
  const [statement] = await statementsOf(() => api.ask('{ prospects { nodes { username } } }'));
  expect(statement).toContain('t.username');
  expect(statement).not.toContain('bio_text');
  expect(statement).not.toContain('count(*)');
});

test('rows and totalCount agree while others write', async () => {
  const writer = new pg.Client({ connectionString: api.databaseUrl });
  await writer.connect();
  let writing = true;
  const writes = (async () => {
    for (let n = 0; writing; n += 1) {
      await writer.query(`insert into prospects (id, canonical_key, display_name, tags) select gen_random_uuid(), 'w/' || $1::int || '/' || k, 'W', '{written}' from generate_series(1, 5) k`, [n]);
      await writer.query(`delete from prospects where 'written' = any(tags)`);
    }
  })();
  try {
    for (let n = 0; n < 60; n += 1) {
      const { data } = await api.ask('{ prospects(first: 100, filter: { tag: "written" }) { nodes { id } totalCount } }');
      expect(data.prospects.nodes).toHaveLength(data.prospects.totalCount);
    }
  } finally {
    writing = false;
    await writes;
    await writer.end();
  }
});

test('an empty page still counts', async () => {
  const { data } = await api.ask('{ prospects(first: 0) { nodes { id } totalCount pageInfo { endCursor } } }');
  expect(data.prospects).toEqual({ nodes: [], totalCount: 150, pageInfo: { endCursor: null } });
});

test.each([
  ['first: -1'],
  ['first: 101'],
  ['last: -1'],
  ['last: 101'],
  ['first: 1, last: 1'],
  ['after: "nonsense"'],
  ['before: "WzIsIkNSRUFURURfQVQ6REVTQyIsMSwyXQ"'],
])('prospects(%s) is refused, and the other root fields still answer', async (args) => {
  const { data, errors } = await api.ask(`{ prospects(${args}) { nodes { id } } viewer { name } }`);
  expect(data).toEqual({ prospects: null, viewer: { name: 'admin' } });
  expect(errors).toMatchObject([{ path: ['prospects'], extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('a cursor of another order is refused', async () => {
  const { data } = await api.ask('{ prospects(first: 1) { pageInfo { endCursor } } }');
  const { errors } = await api.ask(
    'query ($after: String) { prospects(after: $after, orderBy: { field: DISPLAY_NAME, direction: ASC }) { nodes { id } } }',
    { after: data.prospects.pageInfo.endCursor },
  );
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('node resolves every id that the API gives out, with the same fields', async () => {
  const { data } = await api.ask(`{ prospects(first: 1) { nodes { id socialProfiles { id } drafts { nodes { id } } } }
    jobs(first: 100) { nodes { id failures(first: 1) { nodes { id code target { id __typename } } } } } }`);
  const [prospect] = data.prospects.nodes;
  const failures = data.jobs.nodes.flatMap((job: any) => job.failures.nodes);
  expect(failures[0].target.__typename).toBe('Prospect');
  const ids = [prospect.id, ...prospect.socialProfiles.map(({ id }: any) => id), ...prospect.drafts.nodes.map(({ id }: any) => id), data.jobs.nodes[0].id, failures[0].id];
  const answer = await api.ask(
    `query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename ... on Prospect { displayName } ... on JobFailure { code } ... on Draft { channel } } node(id: "${ids[0]}") { id } }`,
    { ids: [...ids, 'nonsense', Buffer.from('Prospect:00000000-0000-7000-8000-000000000000').toString('base64url')] },
  );
  expect(answer.errors).toBeUndefined();
  expect(answer.data.node.id).toBe(ids[0]);
  expect(answer.data.nodes.map((node: any) => node?.id ?? null)).toEqual([...ids, null, null]);
  expect(answer.data.nodes[0].displayName).toMatch(/^Name/);
  expect(answer.data.nodes.at(-3).code).toMatch(/MISSING|BROKEN/);
});
