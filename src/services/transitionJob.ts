import { sql, type Kysely } from 'kysely';
import type { JobStatus, JobType } from '../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../domain/errors.ts';
import { toGlobalId } from '../domain/globalId.ts';
import { jobTransitions, statesBefore, terminalJobStatuses } from '../domain/transitions.ts';
import { illegalTransition } from './illegalTransition.ts';
import { recordActivity } from './recordActivity.ts';
import { recordFact } from './webhooks/recordFact.ts';

export interface JobTransition {
  jobType: JobType;
  from: JobStatus;
  /** of the job after the change */
  sequence: number;
}

/**
 * Moves a job along its table of states, with its activity, inside the caller's transaction; the job's row
 * stays locked until that ends.
 * @throws {UserErrors} NOT_FOUND, or ILLEGAL_TRANSITION with what is allowed
 */
export async function transitionJob(db: Kysely<any>, jobId: string, to: JobStatus, actor: string): Promise<JobTransition> {
  const job = await lockJob(db, jobId);
  if (!statesBefore(jobTransitions, to).includes(job.status)) {
    throw new UserErrors(illegalTransition('Job', jobId, jobTransitions, { from: job.status, to }));
  }
  const { rows } = await sql<{ sequence: number }>`
    update jobs set
      status = ${to}::job_status,
      sequence = sequence + 1,
      started_at = case when ${to} = 'running' then coalesce(started_at, now()) else started_at end,
      finished_at = case when ${terminalJobStatuses.includes(to)}::boolean then now() end
    where id = ${jobId}::uuid
    returning sequence`.execute(db);
  await recordActivity(db, { actor, action: `job.${to}`, subjectType: 'Job', subjectId: jobId, from: job.status, to });
  if (terminalJobStatuses.includes(to)) {
    const payload = { job: toGlobalId('Job', jobId), type: job.job_type.toUpperCase(), status: to.toUpperCase() };
    await recordFact(db, { event: 'job.finished', payload });
  }
  return { jobType: job.job_type, from: job.status, sequence: rows[0]!.sequence };
}

export interface LockedJob {
  id: string;
  job_type: JobType;
  status: JobStatus;
  sequence: number;
}

/**
 * Takes the job's row; its sequence and counters change only under this lock. Not `for update`, which would
 * wait for everyone who inserts a row that refers to the job.
 * @throws {UserErrors} NOT_FOUND
 */
export async function lockJob(db: Kysely<any>, jobId: string): Promise<LockedJob> {
  const { rows } = await sql<LockedJob>`
    select id, job_type, status, sequence from jobs where id = ${jobId}::uuid for no key update`.execute(db);
  const [job] = rows;
  if (!job) {
    throw new UserErrors({ code: UserErrorCode.NOT_FOUND, message: 'There is no such job.', field: ['input', 'id'] });
  }
  return job;
}
