import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { operationMap } from '../../src/app/operations.ts';
import { startServer, type RunningServer } from '../../src/app/server.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { createLogger, type Logger } from '../../src/config/logger.ts';
import type { Outreach } from '../../src/config/outreach.ts';
import { createOrm } from '../../src/database/createOrm.ts';
import { createSchemaHealth, type SchemaHealthMonitor } from '../../src/health/health.ts';
import { outreachOf } from '../support/outreach.ts';
import { createTestDatabase, openQueries } from '../support/database.ts';

export const adminToken = 'admin-token-of-the-tests';

export interface Answer {
  data: any;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string; [name: string]: unknown } }[];
}

export interface Api extends RunningServer {
  databaseUrl: string;
  orm: MikroORM;
  health: SchemaHealthMonitor;
  ask(query: string, variables?: object, token?: string): Promise<Answer>;
  post(body: string | object, headers?: Record<string, string>): Promise<Response>;
  sql<Row extends pg.QueryResultRow = any>(text: string, values?: unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

/** A server of one's own on a database of one's own, or on the one at `url`; `variables` are further ones of the environment. */
export async function startApi(url?: string, outreach: Outreach = outreachOf(), variables: Record<string, string> = {}, statementTimeoutMs = 20_000, log: Logger = createLogger('silent')): Promise<Api> {
  const database = url === undefined ? await createTestDatabase() : { url, drop: async () => {} };
  const queries = openQueries(database.url);
  const dataDir = mkdtempSync(join(tmpdir(), 'outrider-api-'));
  const opened: (() => unknown)[] = [() => rmSync(dataDir, { recursive: true, force: true }), database.drop, () => queries.close()];
  const stop = async () => {
    for (const close of opened.toReversed()) await close();
  };
  const start = async () => {
    const environment = readEnvironment({ PORT: '0', DATA_DIR: dataDir, OUTRIDER_TOKEN: adminToken, DATABASE_URL: database.url, ...variables });
    const orm = await createOrm({ url: database.url, statementTimeoutMs });
    opened.push(() => orm.close(true));
    const health = createSchemaHealth({ url: database.url, policy: 'DEGRADE', operations: operationMap(orm), log, deadline: 30_000 });
    opened.push(() => health.close());
    const server = await startServer({ environment, outreach, orm, url: database.url, health, log });
    opened.push(() => server.close());
    return { orm, health, server };
  };
  const { orm, health, server } = await start().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const post: Api['post'] = (body, headers = { authorization: `Bearer ${adminToken}` }) =>
    fetch(`${server.url}graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return {
    ...server,
    databaseUrl: database.url,
    orm,
    health,
    post,
    ask: async (query, variables, token = adminToken) =>
      (await post({ query, variables }, { authorization: `Bearer ${token}` })).json() as Promise<Answer>,
    sql: queries.query,
    stop,
  };
}

/** Prospects with two profiles, an e-mail draft and two social drafts each, and a job with failures. */
export async function seed({ sql }: Api, count: number): Promise<void> {
  await sql(
    `insert into jobs (id, job_type, status, total_targets, failed_count, done_count, outcome_counts, failure_reasons)
     select ${uuid('job')}, 'draft', 'running', 30, 25, 5, '{"done": 5, "failed": 25}', '[{"code": "MISSING", "message": "no bio", "count": 25}]'
     from generate_series(1, $1) n`,
    [Math.ceil(count / 10)],
  );
  await sql(
    `insert into prospects (id, canonical_key, display_name, username, email, bio_text, follower_count, engagement_rate, tags, external_links, review_status, source_platform, created_at, source_job_id)
     select ${uuid('prospect')}, 'example.org/' || n, 'Name ' || (n % 7) || ' ' || n, 'user' || n,
       case when n % 2 = 0 then 'user' || n || '@example.org' end, 'bio of number' || n,
       case when n % 3 = 0 then null else n % 50 end, 12.5, array['tag' || n % 5, 'all'], '["https://example.org/"]',
       (array['pending', 'approved', 'rejected'])[1 + n % 3]::review_status, (array['website', 'github'])[1 + n % 2]::platform,
       '2026-01-01T00:00:00Z'::timestamptz + (n / 3) * interval '1 second', ${uuid('job', '1')}
     from generate_series(1, $1) n`,
    [count],
  );
  await sql(
    `insert into social_profiles (id, prospect_id, canonical_key, platform, username, display_name, profile_url, follower_count)
     select ${uuid('profile', 'n, k')}, ${uuid('prospect')}, 'github.com/user' || n || '/' || k, 'github', 'User' || n || '-' || k, 'Name',
       'https://github.com/user' || n, n % 10
     from generate_series(1, $1) n, generate_series(1, 2) k`,
    [count],
  );
  await sql(
    `insert into email_drafts (id, prospect_id, job_id, subject, body, fingerprint, created_at)
     select ${uuid('email')}, ${uuid('prospect')}, ${uuid('job', '1')}, 'Hello ' || n, 'Body', 'f' || n, '2026-02-01T00:00:00Z'::timestamptz + n * interval '1 second'
     from generate_series(1, $1) n`,
    [count],
  );
  await sql(
    `insert into social_drafts (id, social_profile_id, body, fingerprint, problems, created_at)
     select ${uuid('social', 'n, k')}, ${uuid('profile', 'n, k')}, 'Body', 'f' || n, case when n % 2 = 0 then '{too short}' else '{}' end::text[],
       '2026-02-01T00:00:00Z'::timestamptz + n * interval '1 second'
     from generate_series(1, $1) n, generate_series(1, 2) k`,
    [count],
  );
  await sql(
    `insert into job_targets (job_id, ordinal, target_id, outcome, code, message)
     select ${uuid('job', '1')}, n, ${uuid('prospect')}, 'failed', (array['MISSING', 'BROKEN'])[1 + n % 2], 'because' from generate_series(1, least($1, 25)) n`,
    [count],
  );
}

/** SQL for the id of the n-th row of a kind. */
export function uuid(kind: string, of = 'n'): string {
  return `md5('${kind}' || ${of.split(', ').map((name) => `${name}::text`).join(` || '-' || `)})::uuid`;
}

/** Runs something and tells the statements that the process sent to PostgreSQL meanwhile. */
export async function statementsOf(run: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const original = pg.Client.prototype.query;
  const spy = jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: any[]) {
    const text = typeof args[0] === 'string' ? args[0] : args[0]?.text;
    if (text) sent.push(text);
    return (original as any).apply(this, args);
  } as any);
  try {
    await run();
    return sent.filter((text) => /\b(prospects|social_profiles|email_drafts|social_drafts|email_messages|social_messages|jobs|job_targets|workers)\b/.test(text));
  } finally {
    spy.mockRestore();
  }
}
