import { sql, type Kysely } from 'kysely';
import type { TargetOutcome } from '../../domain/enums.ts';

export interface MessageEnd {
  /** uuid */
  jobId: string;
  /** number of the message's chunk in that job */
  chunk: number;
  /** the prospect or the profile */
  targetId: string;
  outcome: TargetOutcome;
  /** why, unless it is done */
  code?: string;
  message?: string;
}

/** Ends the chunk that a message is of its job, with the target's outcome; does nothing when it has ended before. */
export async function endMessageChunk(db: Kysely<any>, { jobId, chunk, targetId, outcome, code, message }: MessageEnd): Promise<void> {
  await sql`
    with ended as (
      update job_chunks set
        state = 'done', lease_until = null,
        done_count = (${outcome} = 'done')::int, failed_count = (${outcome} = 'failed')::int, skipped_count = (${outcome} = 'skipped')::int,
        outcome_counts = jsonb_build_object(${outcome}::text, 1)
      where job_id = ${jobId}::uuid and number = ${chunk} and state in ('ready', 'running')
      returning job_id, first_ordinal, greatest(attempts, 1) as attempts
    )
    insert into job_targets (job_id, ordinal, target_id, outcome, attempts, code, message)
    select job_id, first_ordinal, ${targetId}::uuid, ${outcome}::target_outcome, attempts, ${code ?? null}, ${message ?? null} from ended
    on conflict do nothing`.execute(db);
}
