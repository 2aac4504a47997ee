import { sql, type Kysely } from 'kysely';
import { JobStatus, JobType } from '../domain/enums.ts';
import { UserErrorCode, UserErrors, type UserError } from '../domain/errors.ts';
import { toGlobalId } from '../domain/globalId.ts';
import { jobTransitions, terminalJobStatuses } from '../domain/transitions.ts';
import { draftTask } from '../queue/draftTask.ts';
import { announceWork } from './announceWork.ts';
import { enqueueIn } from './enqueueIn.ts';
import { once } from './idempotency.ts';
import { checkDrafter, chunkSizeOf, type DraftParameters } from './drafts/draftParameters.ts';
import { insertDraftChunks } from './drafts/insertDraftChunks.ts';
import { insertJob } from './insertJob.ts';
import type { JobContext } from './jobContext.ts';

export interface RetryJob {
  /** uuid of a finished job */
  jobId: string;
  /** only the failures with these codes; all when absent */
  codes?: readonly string[] | null;
  idempotencyKey?: string | null;
}

interface FinishedJob {
  job_type: JobType;
  status: JobStatus;
  attempt: number;
  parameters: DraftParameters;
}

/**
 * Starts a new job over only the failed targets of a finished one.
 * @returns the id of the new job
 * @throws {UserErrors} NOT_FOUND, ILLEGAL_TRANSITION while it is not finished, UNSUPPORTED, INVALID, CONFLICT, NOT_CONFIGURED
 */
export async function retryJob(context: JobContext, { jobId, codes, idempotencyKey }: RetryJob): Promise<{ jobId: string }> {
  const { em, actor, queue, events, outreach } = context;
  const retry = await em.transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    const request = { caller: actor.name, mutation: 'retryJob', key: idempotencyKey, input: { jobId, codes } };
    return once(db, request, async (id) => {
      const { job_type: jobType, attempt, parameters } = await readFinished(db, jobId);
      checkDrafter(parameters.drafter, outreach);
      await insertJob(db, { id, jobType, createdBy: actor.name, parameters: { ...parameters }, retryOf: { id: jobId, attempt } });
      const ofCodes = codes ? sql`and code = any(${codes}::text[])` : sql``;
      const total = await insertDraftChunks(
        db,
        id,
        sql`select target_id as id from job_targets where job_id = ${jobId}::uuid and outcome = 'failed' ${ofCodes}`,
        chunkSizeOf(parameters.drafter),
      );
      if (total === 0) {
        throw refuse(UserErrorCode.INVALID, jobId, codes ? 'No target of this job failed with these codes.' : 'No target of this job failed.', codes ? 'codes' : 'id');
      }
      await enqueueIn(tx, queue, draftTask, { jobId: id });
    });
  });
  if (retry.started) {
    announceWork(events, retry.jobId, 1);
  }
  return { jobId: retry.jobId };
}

async function readFinished(db: Kysely<any>, jobId: string): Promise<FinishedJob> {
  const { rows } = await sql<FinishedJob>`
    select job_type, status, attempt, parameters from jobs where id = ${jobId}::uuid`.execute(db);
  const [job] = rows;
  if (!job) {
    throw refuse(UserErrorCode.NOT_FOUND, jobId, 'There is no such job.');
  }
  if (!terminalJobStatuses.includes(job.status)) {
    const allowed = jobTransitions[job.status].map((status) => status.toUpperCase());
    const message = `The job is ${job.status.toUpperCase()}: only a finished job can be retried.`;
    throw new UserErrors({ ...refusal(UserErrorCode.ILLEGAL_TRANSITION, jobId, message), allowed });
  }
  if (job.job_type !== JobType.DRAFT && job.job_type !== JobType.FOLLOW_UP) {
    throw refuse(UserErrorCode.UNSUPPORTED, jobId, `A job of type ${job.job_type.toUpperCase()} cannot be retried: correct its rows and start it again.`);
  }
  return job;
}

function refuse(code: UserErrorCode, jobId: string, message: string, field = 'id'): UserErrors {
  return new UserErrors(refusal(code, jobId, message, field));
}

function refusal(code: UserErrorCode, jobId: string, message: string, field = 'id'): UserError {
  return { code, message, field: ['input', field], target: toGlobalId('Job', jobId) };
}
