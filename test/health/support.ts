import pg from 'pg';
import { createSchemaHealth, type OperationMap, type SchemaDrift, type SchemaHealthMonitor, type SchemaHealthReport } from '../../src/health/health.ts';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';

/** A few coordinates, so that tests of the blast radius read well; the real map has tests of its own. */
export const operations: OperationMap = {
  jobs: ['Query.jobs', 'Mutation.startDraftJob'],
  'jobs#INSERT': ['Mutation.startDraftJob'],
  'jobs.drafts_created': ['Job.draftsCreated', 'Mutation.startDraftJob'],
  'jobs.status': ['Job.status', 'Mutation.startDraftJob'],
  prospects: ['Query.prospects', 'Mutation.createProspect'],
  'prospects.bio_text': ['Prospect.bioText'],
  social_profiles: ['Query.socialProfiles'],
};

export const silent = { info: () => {}, warn: () => {} };

/** A server's own deadline (ms), where what is asked is how soon it answers. */
export const asServed = { deadline: 2700 };

/** Watches a database, and waits for its answers as long as a busy machine takes, unless told. */
export function healthOf(url: string, more: { deadline?: number; pollEvery?: number; policy?: SchemaHealthReport['policy'] } = {}): SchemaHealthMonitor {
  return createSchemaHealth({ url, policy: 'STRICT', operations, log: silent, deadline: 30_000, ...more });
}

/** The report that says that no new connection is let in. */
export async function refused(health: SchemaHealthMonitor): Promise<SchemaHealthReport> {
  return waitFor<SchemaHealthReport | null>(() => health.check({ refresh: true }).then((report) => (report.unverified.length > 0 ? report : null)));
}

/** One check on a connection of its own. */
export async function checkOnce(url: string, more: { deadline?: number } = {}): Promise<SchemaHealthReport> {
  const health = healthOf(url, more);
  try {
    return await health.check();
  } finally {
    await health.close();
  }
}

/** The report on a fresh database after the statements ran on it. */
export async function reportAfter(...statements: string[]): Promise<SchemaHealthReport> {
  const database = await createTestDatabase();
  try {
    await run(database, ...statements);
    return await checkOnce(database.url);
  } finally {
    await database.drop();
  }
}

/** Each statement by itself, so that CREATE INDEX CONCURRENTLY works too; one that is meant to fail starts with "fails:". */
export async function run({ url }: TestDatabase, ...statements: string[]): Promise<void> {
  for (const statement of statements) {
    const sql = statement.replace(/^fails:/, '');
    if (sql === statement) await queryOnce(url, sql);
    else await expect(queryOnce(url, sql)).rejects.toThrow();
  }
}

/** The difference that explains the others. */
export function causeIn({ drift }: SchemaHealthReport): SchemaDrift | undefined {
  return drift.find(({ causedBy }) => causedBy === null);
}

/** Holds a transaction open until it is released. */
export async function holding(url: string, ...statements: string[]): Promise<{ pid: number; release(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url, application_name: 'a forgotten psql' });
  await client.connect();
  await client.query('begin');
  for (const statement of statements) await client.query(statement);
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return { pid: rows[0]!.pid, release: () => client.end() };
}
