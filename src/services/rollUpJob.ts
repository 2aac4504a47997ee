import type { EntityManager } from '@mikro-orm/postgresql';
import { sql, type Kysely } from 'kysely';
import { JobStatus, JobType } from '../domain/enums.ts';
import { terminalJobStatuses } from '../domain/transitions.ts';
import { inTransaction } from './inTransaction.ts';
import { lockJob, transitionJob } from './transitionJob.ts';

export interface JobState {
  status: JobStatus;
  sequence: number;
  /** whether this call changed anything */
  changed: boolean;
}

/**
 * Up to so many failures each roll-up counts them by code. Above, only when a tenth has come: counting costs what there
 * is to count, so that a job with a million failures pays for some ten millions in all, not in each second.
 */
const explainedAlways = 20_000;

interface Totals {
  done: number;
  failed: number;
  skipped: number;
  drafts: number;
  outcomes: { [outcome: string]: number };
  /** chunks that are neither done nor cancelled */
  open: number;
}

/**
 * Brings a job's counters up to the sums of its chunks and, once no chunk is open, ends the job. Idempotent;
 * any process may call it for any job at any time.
 * @throws {UserErrors} NOT_FOUND
 */
export async function rollUpJob(em: EntityManager, jobId: string): Promise<JobState> {
  return inTransaction(em, (tx) => rollUp(tx.getKysely(), jobId));
}

/** The same inside the caller's transaction. */
export async function rollUp(db: Kysely<any>, jobId: string): Promise<JobState> {
  const { status, sequence, job_type: jobType } = await lockJob(db, jobId);
  if (terminalJobStatuses.includes(status)) {
    return { status, sequence, changed: false };
  }
  // The chunks of a sending job end with their messages: one that was put off at this moment has yet to be cancelled.
  if (status === JobStatus.CANCELLING && jobType !== JobType.SEND) {
    await giveUpChunks(db, jobId);
  }
  // A statement of its own: it must see what was committed while we waited for the lock, or counters could fall.
  const totals = await sumChunks(db, jobId);
  const counted = await writeTotals(db, jobId, totals);
  const ending = totals.open === 0 ? endOf(status, totals) : null;
  if (ending || (counted && isDue(totals.failed, counted.explained))) {
    await explainFailures(db, jobId);
  }
  if (ending) {
    const ended = await transitionJob(db, jobId, ending, 'worker');
    return { status: ending, sequence: ended.sequence, changed: true };
  }
  return { status, sequence: counted?.sequence ?? sequence, changed: counted !== null };
}

function isDue(failed: number, explained: number): boolean {
  return failed > 0 && (failed <= explainedAlways || failed > explained * 1.1);
}

function endOf(status: JobStatus, totals: Totals): JobStatus | null {
  if (status === JobStatus.CANCELLING) {
    return JobStatus.CANCELLED;
  }
  if (status === JobStatus.RUNNING) {
    return totals.failed > 0 ? JobStatus.COMPLETED_WITH_ERRORS : JobStatus.SUCCEEDED;
  }
  return null;
}

/** Of a job that is being cancelled: what waits, and what a dead worker left. A living worker ends its chunk itself. */
async function giveUpChunks(db: Kysely<any>, jobId: string): Promise<void> {
  await sql`
    update job_chunks set state = 'cancelled', lease_until = null, fence = fence + 1
    where job_id = ${jobId}::uuid
      and (state = 'ready' or state = 'running' and lease_until < clock_timestamp())`.execute(db);
}

async function sumChunks(db: Kysely<any>, jobId: string): Promise<Totals> {
  const { rows } = await sql<Totals>`
    select
      coalesce(sum(done_count), 0)::int as done,
      coalesce(sum(failed_count), 0)::int as failed,
      coalesce(sum(skipped_count), 0)::int as skipped,
      coalesce(sum(drafts_created), 0)::int as drafts,
      (count(*) filter (where state in ('ready', 'running')))::int as open,
      (
        select coalesce(json_object_agg(outcome, total), '{}')
        from (
          select key as outcome, sum(value::int) as total
          from job_chunks, jsonb_each_text(outcome_counts)
          where job_id = ${jobId}::uuid
          group by key
        ) as by_outcome
      ) as outcomes
    from job_chunks
    where job_id = ${jobId}::uuid`.execute(db);
  return rows[0]!;
}

interface Counted {
  sequence: number;
  /** failures that the job's reasons account for */
  explained: number;
}

/** Null when the job had these counters already. */
async function writeTotals(db: Kysely<any>, jobId: string, totals: Totals): Promise<Counted | null> {
  const { rows } = await sql<Counted>`
    update jobs set
      done_count = ${totals.done}, failed_count = ${totals.failed}, skipped_count = ${totals.skipped},
      drafts_created = ${totals.drafts}, outcome_counts = ${JSON.stringify(totals.outcomes)}::jsonb,
      sequence = sequence + 1
    where id = ${jobId}::uuid
      and (done_count, failed_count, skipped_count, drafts_created)
        is distinct from (${totals.done}::int, ${totals.failed}::int, ${totals.skipped}::int, ${totals.drafts}::int)
    returning sequence, (select coalesce(sum((reason ->> 'count')::int), 0)::int from jsonb_array_elements(failure_reasons) as reason) as explained`.execute(db);
  return rows[0] ?? null;
}

/** The 20 most frequent codes among the failures, each with the first message. */
async function explainFailures(db: Kysely<any>, jobId: string): Promise<void> {
  await sql`
    update jobs set failure_reasons = (
      select coalesce(json_agg(json_build_object('code', code, 'message', message, 'count', count) order by count desc, code), '[]')
      from (
        select code, count(*) as count, (
          select message from job_targets as example
          where example.job_id = ${jobId}::uuid and example.outcome = 'failed' and example.code = failed.code
          order by ordinal limit 1
        ) as message
        from job_targets as failed
        where job_id = ${jobId}::uuid and outcome = 'failed'
        group by code
        order by count desc, code
        limit 20
      ) as reasons
    )
    where id = ${jobId}::uuid`.execute(db);
}
