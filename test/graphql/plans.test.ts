import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { startApi, uuid, type Api } from './support.ts';

/** `PLAN_ROWS=1000000 npm test -- test/graphql/plans` looks at the plans that a large database gets. */
const rows = Number(process.env.PLAN_ROWS ?? 40_000);

let api: Api;

jest.setTimeout(900_000);

beforeAll(async () => {
  api = await startApi();
  await fill(api);
});
afterAll(() => api.stop());

/** Skewed as a real pipeline is: most are discovered and few are further on. */
async function fill({ sql }: Api): Promise<void> {
  await sql(
    `insert into jobs (id, job_type, status, total_targets, finished_at, created_at)
     select ${uuid('job')}, (array['import', 'draft', 'draft', 'draft'])[1 + n % 4]::job_type, 'succeeded', 100, now(), now() - n * interval '1 minute'
     from generate_series(1, greatest($1 / 100, 5000)) n`,
    [rows],
  );
  await sql(
    `insert into prospects (id, canonical_key, display_name, email, follower_count, tags, source_type, source_platform, review_status,
       draft_status, review_batch, source_job_id, bio_text, created_at)
     select ${uuid('prospect')}, 'example.org/' || n, 'Name ' || n % 1000 || ' ' || n,
       case when n % 20 > 0 then n || '@example.org' end, case when n % 10 = 0 then (n * 7) % 100000 end,
       array['tag' || n % 20000], case when n % 50 = 0 then 'social' else 'website' end::source_type,
       case when n % 50 = 0 then 'github' else 'website' end::platform,
       case when n % 25 = 0 then 'approved' when n % 26 = 0 then 'rejected' else 'pending' end::review_status,
       case when n % 100 = 0 then 'pending_review' else 'none' end::draft_status,
       case when n % 25 = 0 then ${uuid('batch', '(n / 10000)')} end, ${uuid('job', '(1 + n % 97)')},
       'word' || n % 5000, now() - n * interval '1 second'
     from generate_series(1, $1) n`,
    [rows],
  );
  await sql(
    `insert into social_profiles (id, prospect_id, canonical_key, platform, username, profile_url, draft_status, follower_count, created_at)
     select ${uuid('profile')}, ${uuid('prospect')}, 'github.com/' || n, case when n % 40 = 0 then 'x' else 'github' end::platform, 'user' || n % 5000,
       'https://github.com/' || n, case when n % 30 = 0 then 'pending_review' else 'none' end::draft_status, n % 1000, now() - n * interval '1 second'
     from generate_series(1, $1 / 2) n`,
    [rows],
  );
  await sql(
    `insert into email_drafts (id, prospect_id, job_id, subject, body, status, fingerprint, approved_fingerprint, is_follow_up, problems, created_at)
     select ${uuid('email')}, ${uuid('prospect')}, ${uuid('job', '(1 + n % 97)')}, 'Hello', 'Body', case when n % 20 = 0 then 'approved' else 'pending_review' end::draft_status,
       'f' || n, 'f' || n, n % 50 = 0, case when n % 60 = 0 then '{empty}' else '{}' end::text[], now() - n * interval '1 second'
     from generate_series(1, $1 / 2) n`,
    [rows],
  );
  await sql(
    `insert into email_messages (id, prospect_id, draft_id, job_id, subject, body, recipient, message_id, status, blocked_by, created_at)
     select ${uuid('mail')}, ${uuid('prospect')}, ${uuid('email')}, ${uuid('job', '(1 + n % 97)')}, 'Hello', 'Body', 'x@example.org', n || '@example.org',
       case when n % 50 = 0 then 'outcome_unknown' when n % 10 = 0 then 'queued' else 'sent' end::message_status, case when n % 60 = 0 then 'The daily cap is reached.' end,
       now() - n * interval '1 second'
     from generate_series(1, $1 / 2) n`,
    [rows],
  );
  await sql('vacuum analyze');
}

interface Statement {
  text: string;
  values: unknown[];
}

/** The statements that a request sends, with their values. */
async function statementsOf(query: string): Promise<Statement[]> {
  const sent: Statement[] = [];
  const original = pg.Client.prototype.query;
  const spy = jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: any[]) {
    const [first, second] = args;
    const text = typeof first === 'string' ? first : first?.text;
    if (/\bfrom (prospects|social_profiles|email_drafts|email_messages|jobs)\b/.test(text ?? '')) sent.push({ text, values: first?.values ?? second ?? [] });
    return (original as any).apply(this, args);
  } as any);
  try {
    const { errors } = await api.ask(query);
    expect(errors).toBeUndefined();
    return sent;
  } finally {
    spy.mockRestore();
  }
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: PlanNode[];
}

async function planOf(query: string): Promise<PlanNode[]> {
  const statements = await statementsOf(query);
  expect(statements).toHaveLength(1);
  const [{ text, values }] = statements as [Statement];
  const [row] = await api.sql(`explain (format json) ${text}`, values);
  const flatten = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flatten)];
  return flatten(row['QUERY PLAN'][0].Plan);
}

const typesOf = (plan: PlanNode[]) => plan.map((node) => node['Node Type']);
const indexesOf = (plan: PlanNode[]) => plan.flatMap((node) => node['Index Name'] ?? []);

test.each([
  ['prospects', '', 'prospects_created_at'],
  ['prospects', 'orderBy: { field: CREATED_AT, direction: ASC }', 'prospects_created_at'],
  ['prospects', 'orderBy: { field: UPDATED_AT, direction: DESC }', 'prospects_updated_at'],
  ['prospects', 'orderBy: { field: DISPLAY_NAME, direction: ASC }', 'prospects_display_name'],
  ['prospects', 'orderBy: { field: FOLLOWER_COUNT, direction: DESC }', 'prospects_follower_count'],
  ['prospects', 'filter: { stage: [DRAFTED] }', 'prospects_stage'],
  ['prospects', 'filter: { reviewStatus: [APPROVED] }', 'prospects_review_status'],
  ['prospects', 'filter: { draftStatus: [PENDING_REVIEW] }', 'prospects_draft_status'],
  ['prospects', 'filter: { sourceType: SOCIAL }', 'prospects_source_type'],
  ['prospects', 'filter: { sourcePlatform: [GITHUB] }', 'prospects_source_platform'],
  ['prospects', 'filter: { hasEmail: false }', 'prospects_without_email'],
  ['socialProfiles', '', 'social_profiles_created_at'],
  ['socialProfiles', 'orderBy: { field: USERNAME, direction: ASC }', 'social_profiles_username'],
  ['socialProfiles', 'orderBy: { field: FOLLOWER_COUNT, direction: DESC }', 'social_profiles_follower_count'],
  ['socialProfiles', 'filter: { platform: [X] }', 'social_profiles_platform'],
  ['socialProfiles', 'filter: { draftStatus: [PENDING_REVIEW] }', 'social_profiles_draft_status'],
  ['drafts', 'channel: EMAIL', 'email_drafts_created_at'],
  ['drafts', 'channel: EMAIL, orderBy: { field: UPDATED_AT, direction: DESC }', 'email_drafts_updated_at'],
  ['drafts', 'channel: EMAIL, filter: { status: [APPROVED] }', 'email_drafts_status'],
  ['drafts', 'channel: EMAIL, filter: { isFollowUp: true }', 'email_drafts_follow_up'],
  ['drafts', 'channel: EMAIL, filter: { hasProblems: true }', 'email_drafts_with_problems'],
  ['messages', 'filter: { channel: EMAIL }', 'email_messages_created_at'],
  ['messages', 'filter: { channel: EMAIL, status: [OUTCOME_UNKNOWN] }', 'email_messages_status'],
  ['messages', 'filter: { channel: EMAIL, isBlocked: true }', 'email_messages_blocked'],
  ['jobs', '', 'jobs_created_at'],
  ['jobs', 'orderBy: { field: FINISHED_AT, direction: DESC }', 'jobs_finished_at'],
  ['jobs', 'filter: { type: [IMPORT] }', 'jobs_job_type'],
])('%s(%s) walks the index %s: no table is scanned and nothing is sorted', async (field, args, index) => {
  const plan = await planOf(`{ ${field}${args && `(${args})`} { nodes { id } } }`);
  expect(indexesOf(plan)).toContain(index);
  expect(typesOf(plan)).not.toContain('Seq Scan');
  expect(typesOf(plan)).not.toContain('Sort');
});

test.each([
  ['prospects', 'filter: { tag: "tag7" }', 'prospects_tags'],
  ['prospects', 'filter: { search: "word77" }', 'prospects_search'],
  ['prospects', 'filter: { minFollowers: 99990 }', 'prospects_follower_count'],
  ['prospects', 'filter: { createdAfter: "2999-01-01T00:00:00Z" }', 'prospects_created_at'],
  ['socialProfiles', 'filter: { search: "user77" }', 'social_profiles_search'],
  ['messages', 'filter: { channel: EMAIL, search: "word77" }', 'prospects_search'],
])('%s(%s) finds its rows by the index %s', async (field, args, index) => {
  const plan = await planOf(`{ ${field}(${args}) { nodes { id } } }`);
  expect(indexesOf(plan)).toContain(index);
  expect(typesOf(plan)).not.toContain('Seq Scan');
});

test.each(['', '(sourceType: WEBSITE)'])('pipelineStatus%s counts in its small index, and reads no prospect', async (args) => {
  const plan = await planOf(`{ pipelineStatus${args} { total stages { stage count } } }`);
  expect(indexesOf(plan)).toContain('prospects_pipeline');
  expect(typesOf(plan)).toContain('Index Only Scan');
  expect(plan.filter((node) => node['Relation Name'] === 'prospects').map((node) => node['Node Type'])).not.toContain('Seq Scan');
});

test('the prospects of an import, and those of a review, are found by their index', async () => {
  const [{ job, batch }] = await api.sql(`select ${uuid('job', '5')} as job, ${uuid('batch', '0')} as batch from (values (0)) t (n)`);
  const jobId = Buffer.from(`Job:${job}`).toString('base64url');
  const [{ count }] = await api.sql('select count(*)::int as count from prospects where review_batch = $1', [batch]);
  expect(count).toBeGreaterThan(0);
  expect(indexesOf(await planOf(`{ prospects(filter: { jobId: "${jobId}" }) { nodes { id } } }`))).toContain('prospects_source_job');
  expect(indexesOf(await planOf(`{ prospects(filter: { reviewBatch: "${batch}" }) { nodes { id } } }`))).toContain('prospects_review_batch');
});

test('the messages of a job, and those of a prospect, are found by their index', async () => {
  const [{ job, prospect }] = await api.sql(`select ${uuid('job', '5')} as job, ${uuid('prospect', '7')} as prospect`);
  const id = (type: string, key: string) => Buffer.from(`${type}:${key}`).toString('base64url');
  expect(indexesOf(await planOf(`{ messages(filter: { channel: EMAIL, jobId: "${id('Job', job)}" }) { nodes { id } } }`))).toContain('email_messages_job');
  const [, edge] = await statementsOf(`{ prospect(id: "${id('Prospect', prospect)}") { messages(filter: { channel: EMAIL }) { nodes { id } } } }`);
  const plan = JSON.stringify(await api.sql(`explain (format json) ${edge!.text}`, edge!.values));
  expect(plan).toContain('email_messages_prospect');
  expect(plan).not.toContain('Seq Scan');
});

test('a page far down the list costs what the first one costs', async () => {
  const [{ id, at }] = await api.sql(`select id, created_at::text as at from prospects order by created_at desc, id desc offset $1 limit 1`, [rows - 1000]);
  const cursor = Buffer.from(JSON.stringify([1, 'CREATED_AT:DESC', at, id])).toString('base64url');
  const plan = await planOf(`{ prospects(after: "${cursor}") { nodes { id } } }`);
  expect(indexesOf(plan)).toEqual(['prospects_created_at']);
  expect(typesOf(plan)).not.toContain('Sort');
});
