import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { JobStatus, JobType } from '../../domain/enums.ts';
import { once } from '../idempotency.ts';
import { insertJob } from '../insertJob.ts';
import { transitionJob } from '../transitionJob.ts';
import type { Mapping } from './columns.ts';
import { type Checkpoint, openFirstChunk, takeOver } from './importLease.ts';
import type { ImportFormat } from './readRecords.ts';

export interface ImportRequest {
  format: ImportFormat;
  mapping: Mapping;
  dryRun: boolean;
  /** sha-256 of the file in hex: an unfinished import of the same file is resumed; null where the file is not known before it is read */
  digest: string | null;
  /** what is known of the file before it is read, where there is no digest: another one with the same idempotencyKey is refused */
  beginning?: string;
  /** shown with the job */
  fileName?: string;
  idempotencyKey?: string | null;
}

export interface Claim {
  jobId: string;
  /** null: the job has ended already, or another process is at it */
  checkpoint: Checkpoint | null;
  /** what an earlier process has begun goes on after its last commit */
  resumed: boolean;
}

const pollMs = 200;

/**
 * The import's job, in hand: a new one, or the unfinished one of the same file, waiting for the lease of a process
 * that has died. While that process lives, there is no checkpoint.
 */
export async function claimImport(db: Kysely<unknown>, request: ImportRequest, actor: string): Promise<Claim> {
  const found = await db.transaction().execute((transaction) => findOrInsert(transaction, request, actor));
  if (found.checkpoint) return found;
  for (let seen: string | undefined; ; await sleep(pollMs)) {
    const checkpoint = await takeOver(db, found.jobId);
    if (checkpoint) return { jobId: found.jobId, checkpoint, resumed: true };
    const lease = await leaseOf(db, found.jobId);
    // Ended, or renewed by a process that lives.
    if (lease === null || (seen !== undefined && lease !== seen)) return { jobId: found.jobId, checkpoint: null, resumed: false };
    seen = lease;
  }
}

async function findOrInsert(db: Kysely<unknown>, request: ImportRequest, actor: string): Promise<Claim> {
  const { digest, beginning, format, mapping, dryRun, fileName, idempotencyKey } = request;
  const parameters = { format, mapping, digest, fileName };
  if (digest && !idempotencyKey) {
    // Two at once for one file: the second waits here, and finds the first one's job.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`import ${digest}`}, 0))`.execute(db);
    const unfinished = await findUnfinished(db, { digest, format, mapping, dryRun });
    if (unfinished) return { jobId: unfinished, checkpoint: null, resumed: true };
  }
  let checkpoint: Checkpoint | null = null;
  const input = { format, mapping, digest, dryRun, beginning };
  const { jobId } = await once(db, { caller: actor, mutation: 'importProspects', key: idempotencyKey, input, isTriedAgain: true }, async (id) => {
    await insertJob(db, { id, jobType: JobType.IMPORT, createdBy: actor, parameters, dryRun });
    await transitionJob(db, id, JobStatus.RUNNING, actor);
    checkpoint = await openFirstChunk(db, id);
  });
  return { jobId, checkpoint, resumed: false };
}

async function findUnfinished(db: Kysely<unknown>, { digest, format, mapping, dryRun }: ImportRequest): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from jobs
    where job_type = 'import' and status in ('running', 'paused') and dry_run = ${dryRun}
      and parameters @> ${JSON.stringify({ digest, format, mapping })}::jsonb and parameters -> 'mapping' = ${JSON.stringify(mapping)}::jsonb
    order by created_at limit 1`.execute(db);
  return rows[0]?.id ?? null;
}

async function leaseOf(db: Kysely<unknown>, jobId: string): Promise<string | null> {
  const { rows } = await sql<{ lease: string }>`
    select number || ' ' || fence || ' ' || lease_until::text as lease from job_chunks
    where job_id = ${jobId}::uuid and state = 'running'`.execute(db);
  return rows[0]?.lease ?? null;
}
