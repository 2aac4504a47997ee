import { query, seedProspects } from './database.ts';

/** What is asked, in our words (and those of the servers by hand) and in PostGraphile's. */
export interface ReadCase {
  what: string;
  ours: string;
  theirs: string;
  variables: { ours: object; theirs: object };
  /** a field of every row, and how often an answer has it: a server that answers less would look fast */
  rows: { field: string; count: number };
  /** ours beside theirs, at most */
  goal: number;
}

const prospects = 10_000;
const profilesEach = 3;
const page = 100;
const list = 50;

/** The rows that the cases read, and the cases. */
export async function readCases(url: string): Promise<ReadCase[]> {
  await seedProspects(url, prospects, profilesEach);
  await query(url, jobs);
  await query(url, drafts);
  await query(url, 'vacuum analyze');
  const [one] = await query<{ id: string }>(url, 'select id from prospects order by created_at limit 1');
  return [
    {
      what: `page of ${page} prospects with ${profilesEach} profiles each`,
      ours: `query Page($first: Int!) { prospects(first: $first) {
        nodes { ${prospect} socialProfiles { id platform username profileUrl followerCount } } pageInfo { hasNextPage } } }`,
      theirs: `query Page($first: Int!) { allProspects(first: $first, orderBy: CREATED_AT_DESC) {
        nodes { ${prospect} socialProfilesByProspectId { nodes { id platform username profileUrl followerCount } } } pageInfo { hasNextPage } } }`,
      variables: both({ first: page }),
      rows: { field: 'followerCount', count: page * (1 + profilesEach) },
      goal: 0.6,
    },
    {
      what: 'one prospect by its global id',
      ours: `query One($id: ID!) { node(id: $id) { ... on Prospect { ${prospect} } } }`,
      theirs: `query One($id: ID!) { node(id: $id) { ... on Prospect { ${prospect} } } }`,
      variables: { ours: { id: base64url(`Prospect:${one!.id}`) }, theirs: { id: base64url(JSON.stringify(['Prospect', one!.id])) } },
      rows: { field: 'displayName', count: 1 },
      goal: 0.9,
    },
    {
      what: `list of ${list} jobs`,
      ours: `query Jobs($first: Int!) { jobs(first: $first) { nodes { id type ${job} failureReasons { code message count } } pageInfo { hasNextPage } } }`,
      theirs: `query Jobs($first: Int!) { allJobs(first: $first, orderBy: CREATED_AT_DESC) { nodes { id jobType ${job} failureReasons } pageInfo { hasNextPage } } }`,
      variables: both({ first: list }),
      rows: { field: 'totalTargets', count: list },
      goal: 0.9,
    },
    {
      what: `list of ${list} drafts with their prospects`,
      ours: `query Drafts($first: Int!) { drafts(first: $first, channel: EMAIL) {
        nodes { id ${draft} prospect { id displayName email } } pageInfo { hasNextPage } } }`,
      theirs: `query Drafts($first: Int!) { allEmailDrafts(first: $first, orderBy: CREATED_AT_DESC) {
        nodes { id ${draft} prospectByProspectId { id displayName email } } pageInfo { hasNextPage } } }`,
      variables: both({ first: list }),
      rows: { field: 'displayName', count: list },
      goal: 0.9,
    },
    {
      what: `counts of the pipeline, ${prospects.toLocaleString('en')} prospects`,
      ours: '{ pipelineStatus { total stages { stage count } } }',
      theirs: `{ total: allProspects { totalCount } ${stages.map((stage) => `${stage}: allProspects(condition: { stage: ${stage} }) { totalCount }`).join(' ')} }`,
      variables: both({}),
      rows: { field: '', count: 0 },
      goal: 0.9,
    },
  ];
}

const prospect = 'id displayName email profileUrl bioText tags followerCount stage createdAt';
const job = 'status totalTargets processed draftsCreated failedCount skippedCount createdBy createdAt startedAt finishedAt';
const draft = 'subject body status version isFollowUp createdAt';
const stages = ['discovered', 'rejected', 'reviewed', 'drafted', 'approved', 'sent', 'followed_up', 'replied', 'excluded'];

const jobs = `insert into jobs (id, job_type, status, total_targets, done_count, drafts_created, failed_count, failure_reasons, created_by, created_at, started_at, finished_at)
  select gen_random_uuid(), 'draft', 'completed_with_errors', 1000, 990, 990, 10,
    '[{"code": "MISSING_VARIABLE", "message": "The template needs a name.", "count": 7}, {"code": "TOO_LONG", "message": "The text is too long.", "count": 3}]',
    'somebody', timestamptz '2026-01-01' + n * interval '1 minute', timestamptz '2026-01-01' + n * interval '61 seconds', timestamptz '2026-01-02' + n * interval '1 minute'
  from generate_series(1, 1000) n`;

const drafts = `insert into email_drafts (id, prospect_id, subject, body, status, fingerprint, created_at)
  select gen_random_uuid(), id, display_name || ' and us', repeat('Hello ' || display_name || E',\\n\\n', 10), 'pending_review', 'f', created_at
  from prospects order by created_at limit 5000`;

const both = (variables: object) => ({ ours: variables, theirs: variables });
const base64url = (text: string) => Buffer.from(text).toString('base64url');
