// The part of the schema that the benchmarks read, resolved by SQL written by hand. Nothing is checked.
import pg from 'pg';

export const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const rows = async (name, text, values) => (await pool.query({ name, text, values })).rows;

const globalId = (type, id) => Buffer.from(`${type}:${id}`).toString('base64url');
const keyOf = (id) => Buffer.from(id, 'base64url').toString().split(':')[1];
const upper = (text) => text.toUpperCase();

export const typeDefs = `
  scalar DateTime
  type Query {
    prospects(first: Int!): ProspectConnection
    node(id: ID!): Prospect
    jobs(first: Int!): JobConnection
    drafts(first: Int!, channel: Channel): DraftConnection
    pipelineStatus: PipelineStatus
  }
  enum Channel { EMAIL SOCIAL }
  type PageInfo { hasNextPage: Boolean! }
  type ProspectConnection { nodes: [Prospect!]! pageInfo: PageInfo! }
  type Prospect {
    id: ID! displayName: String! email: String profileUrl: String bioText: String tags: [String!]! followerCount: Int stage: String! createdAt: DateTime!
    socialProfiles: [SocialProfile!]
  }
  type SocialProfile { id: ID! platform: String! username: String profileUrl: String followerCount: Int }
  type JobConnection { nodes: [Job!]! pageInfo: PageInfo! }
  type Job {
    id: ID! type: String! status: String! totalTargets: Int processed: Int! draftsCreated: Int! failedCount: Int! skippedCount: Int!
    createdBy: String createdAt: DateTime! startedAt: DateTime finishedAt: DateTime failureReasons: [FailureReason!]
  }
  type FailureReason { code: String! message: String! count: Int! }
  type DraftConnection { nodes: [Draft!]! pageInfo: PageInfo! }
  type Draft { id: ID! subject: String body: String! status: String! version: Int! isFollowUp: Boolean! createdAt: DateTime! prospect: Prospect }
  type PipelineStatus { total: Int! stages: [StageCount!]! }
  type StageCount { stage: String! count: Int! }`;

const prospectColumns = `id as key, display_name as "displayName", email, profile_url as "profileUrl", bio_text as "bioText", tags,
  follower_count as "followerCount", stage, created_at as "createdAt"`;

const page = (found, first) => ({ nodes: found.slice(0, first), pageInfo: { hasNextPage: found.length > first } });

/** The profiles of each prospect: one statement. */
export async function socialProfilesOf(prospects) {
  const found = await rows(
    'profiles',
    `select id as key, prospect_id, platform, username, profile_url as "profileUrl", follower_count as "followerCount"
     from social_profiles where prospect_id = any($1) order by id`,
    [prospects.map(({ key }) => key)],
  );
  const byProspect = Map.groupBy(found, (row) => row.prospect_id);
  return prospects.map(({ key }) => byProspect.get(key) ?? []);
}

/** The prospect of each draft: one statement. */
export async function prospectsOf(drafts) {
  const found = await rows('prospects', `select ${prospectColumns} from prospects where id = any($1)`, [drafts.map((draft) => draft.prospect_id)]);
  const byKey = new Map(found.map((row) => [row.key, row]));
  return drafts.map((draft) => byKey.get(draft.prospect_id) ?? null);
}

export const resolvers = {
  Query: {
    prospects: async (_, { first }) =>
      page(await rows('page', `select ${prospectColumns} from prospects order by created_at desc, id desc limit $1`, [first + 1]), first),
    node: async (_, { id }) => (await rows('node', `select ${prospectColumns} from prospects where id = $1`, [keyOf(id)]))[0] ?? null,
    jobs: async (_, { first }) =>
      page(
        await rows(
          'jobs',
          `select id as key, job_type as type, status, total_targets as "totalTargets", processed, drafts_created as "draftsCreated",
             failed_count as "failedCount", skipped_count as "skippedCount", created_by as "createdBy", created_at as "createdAt",
             started_at as "startedAt", finished_at as "finishedAt", failure_reasons as "failureReasons"
           from jobs order by created_at desc, id desc limit $1`,
          [first + 1],
        ),
        first,
      ),
    drafts: async (_, { first }) =>
      page(
        await rows(
          'drafts',
          `select id as key, subject, body, status, version, is_follow_up as "isFollowUp", created_at as "createdAt", prospect_id
           from email_drafts order by created_at desc, id desc limit $1`,
          [first + 1],
        ),
        first,
      ),
    async pipelineStatus() {
      const stages = await rows('stages', 'select stage, count(*)::int as count from prospects group by stage', []);
      return { total: stages.reduce((sum, { count }) => sum + count, 0), stages };
    },
  },
  Prospect: { id: ({ key }) => globalId('Prospect', key), stage: ({ stage }) => upper(stage) },
  SocialProfile: { id: ({ key }) => globalId('SocialProfile', key), platform: ({ platform }) => upper(platform) },
  Job: { id: ({ key }) => globalId('Job', key), type: ({ type }) => upper(type), status: ({ status }) => upper(status) },
  Draft: { id: ({ key }) => globalId('Draft', key), status: ({ status }) => upper(status) },
  StageCount: { stage: ({ stage }) => upper(stage) },
};
