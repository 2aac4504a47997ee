import { createSchemaHealth, type SchemaHealthMonitor, type SchemaHealthReport } from '../../src/health/health.ts';
import type { RepairProgress } from '../../src/health/repair/run.ts';
import { SchemaRepairs } from '../../src/health/repair/schemaRepairs.ts';
import { queryOnce } from '../support/database.ts';
import { operations, silent } from './support.ts';
import { waitFor } from '../support/waitFor.ts';

export interface Repairable {
  health: SchemaHealthMonitor;
  repairs: SchemaRepairs;
  close(): Promise<void>;
}

export function repairable(url: string, { ownerUrl = url, attempts = 3 }: { ownerUrl?: string; attempts?: number } = {}): Repairable {
  const health = createSchemaHealth({ url, policy: 'STRICT', operations, log: silent, deadline: 20_000 });
  const repairs = new SchemaRepairs({ health, ownerUrl, log: silent, patience: { attempts, pauseMs: 50 } });
  const close = async () => {
    await repairs.close();
    await health.close();
  };
  return { health, repairs, close };
}

export interface Repaired extends RepairProgress {
  before: SchemaHealthReport;
  after: SchemaHealthReport;
}

/** Runs every step of the plan that is not DANGEROUS, or only the SAFE ones. */
export async function repairAll({ health, repairs }: Pick<Repairable, 'health' | 'repairs'>, risks: readonly string[] = ['SAFE', 'CAUTION']): Promise<Repaired> {
  const before = await health.check({ refresh: true });
  const stepIds = before.repairPlan.filter(({ risk }) => risks.includes(risk)).map(({ id }) => id);
  const { progress, settled } = await repairs.repair({ planHash: before.planHash, stepIds, by: 'a test' });
  const first = await settled;
  // A machine with much to do may not read everything in time at once.
  const after = first.status === 'UNVERIFIED' ? await waitFor(async () => {
    const again = await health.check({ refresh: true });
    return again.status === 'UNVERIFIED' ? null : again;
  }) : first;
  return { ...progress, before, after };
}

/** Some rows in the tables that refer to each other. */
export async function fill(url: string): Promise<void> {
  const uuid = (kind: string) => `md5('${kind}' || n)::uuid`;
  await queryOnce(url, [
    `insert into jobs (id, job_type, status, total_targets, done_count, error) select ${uuid('job')}, 'draft', 'running', 30, n, 'text' || n from generate_series(1, 5) n`,
    `insert into prospects (id, canonical_key, display_name, username, bio_text, follower_count, tags, source_job_id)
     select ${uuid('prospect')}, 'example.org/' || n, 'Name ' || n, 'user' || n, 'bio ' || n, n, array['tag' || n], md5('job1')::uuid from generate_series(1, 20) n`,
    `insert into social_profiles (id, prospect_id, canonical_key, platform, username, profile_url)
     select ${uuid('profile')}, ${uuid('prospect')}, 'github.com/user' || n, 'github', 'User' || n, 'https://github.com/user' || n from generate_series(1, 20) n`,
    `insert into email_drafts (id, prospect_id, job_id, subject, body, fingerprint) select ${uuid('email')}, ${uuid('prospect')}, md5('job1')::uuid, 'Hello ' || n, 'Body', 'f' || n from generate_series(1, 20) n`,
    `insert into job_targets (job_id, ordinal, target_id, outcome, code, message) select md5('job1')::uuid, n, ${uuid('prospect')}, 'failed', 'MISSING', 'because' from generate_series(1, 20) n`,
    `insert into workers (id, name, version) select ${uuid('worker')}, 'w' || n, '1' from generate_series(1, 3) n`,
    `insert into api_keys (id, name, role, hash) select ${uuid('key')}, 'key ' || n, 'viewer', 'hash' || n from generate_series(1, 3) n`,
  ].join(';'));
}

const kept = ['jobs', 'prospects', 'social_profiles', 'email_drafts', 'job_targets', 'workers', 'api_keys', 'schema_migrations'];

/** Per table how many rows it has and a sum over their values, whatever the table's name, schema or columns became. */
export async function contents(url: string): Promise<Record<string, string>> {
  const tables = await queryOnce<{ name: string }>(url, 'select name from unnest($1::text[]) name where to_regclass(name) is not null', [kept]);
  const sums = tables.map(({ name }) => `select '${name}' as name, count(*) || ' ' || coalesce(sum(hashtextextended((to_jsonb(t) - 'updated_at')::text, 0)::numeric), 0) as sum from ${name} t`);
  const rows = tables.length === 0 ? [] : await queryOnce<{ name: string; sum: string }>(url, sums.join(' union all '));
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]));
}

/** Per table how many rows it has. */
export async function counts(url: string): Promise<Record<string, number>> {
  return Object.fromEntries(Object.entries(await contents(url)).map(([table, sum]) => [table, Number(sum.split(' ')[0])]));
}
