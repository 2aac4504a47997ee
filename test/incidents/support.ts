import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { runOutrider, startOutrider, type Ended, type Program } from '../support/program.ts';

const token = 'token-of-the-incident';

export interface Answer {
  data: any;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string; missing?: string[]; fix?: string; feature?: string } }[];
}

export interface Server {
  ask(query: string, variables?: object): Promise<Answer>;
  /** the status and the JSON of GET or POST path */
  http(method: 'GET' | 'POST', path: string): Promise<{ status: number; body: any }>;
}

/** A database in the state of an incident, with the program's commands on it. */
export interface Incident {
  url: string;
  sql<Row extends Record<string, unknown> = any>(text: string, values?: unknown[]): Promise<Row[]>;
  run(...args: string[]): Promise<Ended>;
  /** `outrider serve` with SCHEMA_POLICY=degrade */
  serve(): Promise<Server>;
  end(): Promise<void>;
}

/**
 * Ten prospects, one of them not reviewed, with profiles and drafts and two jobs, then `statements`, which make the incident. The program serves as
 * a role that owns nothing and has the rights that docs/schema-health.md names.
 */
export async function incident(statements: readonly string[], database?: TestDatabase): Promise<Incident> {
  const { url, drop } = database ?? (await createTestDatabase());
  const dataDir = mkdtempSync(join(tmpdir(), 'outrider-incident-'));
  const role = database ? null : await servingRole(url);
  const environment = { DATABASE_URL: role?.url ?? url, DATABASE_OWNER_URL: url, DATA_DIR: dataDir, OUTRIDER_TOKEN: token };
  const programs: Program[] = [];
  const sql: Incident['sql'] = (text, values) => queryOnce(url, text, values);
  if (!database) for (const statement of rows) await sql(statement);
  for (const statement of statements) await sql(statement);
  return {
    url,
    sql,
    run: (...args) => runOutrider(args, environment),
    async serve() {
      const program = startOutrider(['serve'], { ...environment, SCHEMA_POLICY: 'degrade' });
      programs.push(program);
      const base = (await program.says(/http:\/\/127\.0\.0\.1:\d+\//)).slice(0, -1);
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      return {
        ask: async (query, variables) =>
          (await fetch(`${base}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })).json() as Promise<Answer>,
        async http(method, path) {
          const response = await fetch(`${base}${path}`, { method, headers });
          return { status: response.status, body: await response.json() };
        },
      };
    },
    async end() {
      for (const program of programs) program.process.kill('SIGTERM');
      await Promise.all(programs.map(({ ended }) => ended));
      await drop();
      await role?.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function servingRole(owner: string): Promise<TestDatabase> {
  const name = `serving_${randomUUID().slice(0, 8)}`;
  await queryOnce(owner, `create role ${name} login password 'secret'`);
  for (const grant of grantsOfTheDocumentation()) await queryOnce(owner, grant.replace(/to outrider$/, `to ${name}`));
  const url = new URL(owner);
  url.username = name;
  url.password = 'secret';
  const admin = new URL(owner);
  admin.pathname = '/postgres';
  return { url: url.href, drop: () => queryOnce(admin.href, `drop role ${name}`).then(() => {}) };
}

function grantsOfTheDocumentation(): string[] {
  const grants = readFileSync('docs/schema-health.md', 'utf8').match(/^grant .* to outrider(?=;$)/gm) ?? [];
  if (grants.length === 0) throw new Error('docs/schema-health.md names no grants');
  return grants;
}

const rows = [
  `insert into prospects (id, canonical_key, display_name, email, bio_text, review_status)
   select md5('prospect' || n)::uuid, 'example.org/' || n, 'Name ' || n, 'hello' || n || '@example.org', 'About ' || n, (case when n = 10 then 'pending' else 'approved' end)::review_status from generate_series(1, 10) n`,
  `insert into social_profiles (id, prospect_id, canonical_key, platform, username, display_name, profile_url)
   select md5('profile' || n)::uuid, md5('prospect' || n)::uuid, 'github.com/user' || n, 'github', 'user' || n, 'User ' || n, 'https://github.com/user' || n
   from generate_series(1, 10) n`,
  `insert into jobs (id, job_type, status, total_targets, done_count, drafts_created, finished_at)
   select md5('job' || n)::uuid, 'draft', 'succeeded', 5, 5, 5, now() from generate_series(1, 2) n`,
  `insert into email_drafts (id, prospect_id, job_id, subject, body, fingerprint)
   select md5('draft' || n)::uuid, md5('prospect' || n)::uuid, md5('job' || n % 2 + 1)::uuid, 'Hello ' || n, 'Body', 'f' || n from generate_series(1, 10) n`,
];

/** Runs the plan of `schema repair`, as an operator does who has read it. */
export async function repair({ run }: Incident): Promise<Ended> {
  const { out } = await run('schema', 'repair', '--json');
  const { planHash } = JSON.parse(out) as { planHash: string };
  return run('schema', 'repair', '--apply', planHash);
}
