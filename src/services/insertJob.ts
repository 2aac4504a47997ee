import { sql, type Kysely } from 'kysely';
import type { JobType } from '../domain/enums.ts';
import { activeTrace } from '../telemetry/trace.ts';
import { recordActivity } from './recordActivity.ts';

export interface NewJob {
  id: string;
  jobType: JobType;
  createdBy: string;
  parameters: { [name: string]: unknown };
  /** nothing but the job itself will be written */
  dryRun?: boolean;
  /** the finished job whose failures this one tries again */
  retryOf?: { id: string; attempt: number };
}

/** A PENDING job with its activity, inside the caller's transaction. Its `parameters.trace` is the request that asked for it. */
export async function insertJob(db: Kysely<any>, { id, jobType, createdBy, parameters, dryRun, retryOf }: NewJob): Promise<void> {
  await sql`
    insert into jobs (id, job_type, sequence, created_by, parameters, dry_run, retry_of_id, attempt)
    values (
      ${id}::uuid, ${jobType}::job_type, 1, ${createdBy}, ${JSON.stringify({ ...parameters, trace: activeTrace() ?? undefined })}::jsonb, ${dryRun ?? false},
      ${retryOf?.id ?? null}::uuid, ${(retryOf?.attempt ?? 0) + 1}
    )`.execute(db);
  await recordActivity(db, { actor: createdBy, action: 'job.created', subjectType: 'Job', subjectId: id, to: 'pending' });
}
