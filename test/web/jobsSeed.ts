import { randomUUID } from 'node:crypto';
import type { Program } from './program.ts';

interface Seed {
  type?: string;
  status?: string;
  createdAt?: string;
  startedAt?: string | null;
  finishedAt?: string | null;
  total?: number;
  done?: number;
  by?: string;
  dryRun?: boolean;
}

/** A job as it stands in the database, worked on by nobody. */
export async function addJob(program: Program, seed: Seed = {}): Promise<{ key: string; path: string }> {
  const { type = 'draft', status = 'succeeded', createdAt = '2026-11-10T10:00:00Z', total = 10, done = total, by = 'ada', dryRun = false } = seed;
  const { startedAt = createdAt, finishedAt = ['pending', 'running', 'paused', 'cancelling'].includes(status) ? null : createdAt } = seed;
  const key = randomUUID();
  await program.query(
    `insert into jobs (id, job_type, status, total_targets, done_count, outcome_counts, created_by, created_at, started_at, finished_at, dry_run, parameters)
     values ($1, $2::job_type, $3::job_status, $4, $5, jsonb_build_object('done', $5::int), $6, $7, $8, $9, $10, '{"channel": "email"}')`,
    [key, type, status, total, done, by, createdAt, startedAt, finishedAt, dryRun],
  );
  return { key, path: `jobs/${Buffer.from(`Job:${key}`).toString('base64url')}` };
}

/** A draft of the job for each of these moments, in seconds after `from`. */
export async function addDrafts(program: Program, job: string, from: string, seconds: readonly number[]): Promise<void> {
  await program.query(
    `with prospect as (
       insert into prospects (id, canonical_key, display_name, profile_url)
       select gen_random_uuid(), $1::text || place, 'Writer ' || place, 'https://example.net/' || place from generate_series(1, cardinality($3::float8[])) as place
       returning id, canonical_key
     )
     insert into email_drafts (id, prospect_id, job_id, subject, body, fingerprint, recipient, created_at)
     select gen_random_uuid(), id, $1::uuid, 'Hello', 'Hello', 'f', 'ada@example.net', $2::timestamptz + second * interval '1 second'
     from unnest($3::float8[]) with ordinality as given (second, place) join prospect on canonical_key = $1::text || place`,
    [job, from, seconds],
  );
}
