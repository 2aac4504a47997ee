import { sql, type Kysely } from 'kysely';
import { type Channel, JobStatus, JobType } from '../domain/enums.ts';
import { UserErrorCode, UserErrors, type UserError } from '../domain/errors.ts';
import { toGlobalId } from '../domain/globalId.ts';
import { jobTransitions, terminalJobStatuses } from '../domain/transitions.ts';
import { discoverTask } from '../queue/discoverTask.ts';
import { draftTask } from '../queue/draftTask.ts';
import { sendTask } from '../queue/sendTask.ts';
import { announceWork } from './announceWork.ts';
import type { DiscoveryParameters } from './discovery/insertDiscovery.ts';
import { retryDiscovery } from './discovery/retryDiscovery.ts';
import { enqueueIn } from './enqueueIn.ts';
import { once } from './idempotency.ts';
import { checkDrafter, chunkSizeOf, type DraftParameters } from './drafts/draftParameters.ts';
import { insertDraftChunks } from './drafts/insertDraftChunks.ts';
import { inTransaction } from './inTransaction.ts';
import { insertJob } from './insertJob.ts';
import type { JobContext } from './jobContext.ts';
import { retrySend } from './sending/retrySend.ts';

export interface RetryJob {
  /** uuid of a finished job */
  jobId: string;
  /** only the failures with these codes; all when absent */
  codes?: readonly string[] | null;
  idempotencyKey?: string | null;
}

type FinishedJob = { status: JobStatus; attempt: number } & (
  | { job_type: JobType.DRAFT | JobType.FOLLOW_UP; parameters: DraftParameters }
  | { job_type: JobType.DISCOVER; parameters: DiscoveryParameters }
  | { job_type: JobType.SEND; parameters: { channel: Channel } }
);

const retried: readonly JobType[] = [JobType.DRAFT, JobType.FOLLOW_UP, JobType.DISCOVER, JobType.SEND];

/**
 * Starts a new job over only the failed targets of a finished one.
 * @returns the id of the new job
 * @throws {UserErrors} NOT_FOUND, ILLEGAL_TRANSITION while it is not finished, UNSUPPORTED, INVALID, CONFLICT, NOT_CONFIGURED
 */
export async function retryJob(context: JobContext, { jobId, codes, idempotencyKey }: RetryJob): Promise<{ jobId: string }> {
  const { em, actor, queue, events, outreach } = context;
  const retry = await inTransaction(em, async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    const request = { caller: actor.name, mutation: 'retryJob', key: idempotencyKey, input: { jobId, codes } };
    return once(db, request, async (id) => {
      const finished = await readFinished(db, jobId);
      if (finished.job_type === JobType.DISCOVER) {
        const total = await retryDiscovery(db, {
          id, createdBy: actor.name, parameters: finished.parameters, retryOf: { id: jobId, attempt: finished.attempt }, codes: codes ?? null,
        });
        requireFailures(total, jobId, codes);
        await enqueueIn(tx, queue, discoverTask, { jobId: id });
        return;
      }
      if (finished.job_type === JobType.SEND) {
        const total = await retrySend(db, {
          id, createdBy: actor.name, outreach, parameters: finished.parameters, retryOf: { id: jobId, attempt: finished.attempt }, codes: codes ?? null,
        });
        requireFailures(total, jobId, codes);
        await enqueueIn(tx, queue, sendTask, { jobId: id });
        return;
      }
      const { job_type: jobType, attempt, parameters } = finished;
      checkDrafter(parameters.drafter, outreach, 'id');
      await insertJob(db, { id, jobType, createdBy: actor.name, parameters: { ...parameters }, retryOf: { id: jobId, attempt } });
      const ofCodes = codes ? sql`and code = any(${codes}::text[])` : sql``;
      const total = await insertDraftChunks(
        db,
        id,
        sql`select target_id as id from job_targets where job_id = ${jobId}::uuid and outcome = 'failed' ${ofCodes}`,
        chunkSizeOf(parameters.drafter),
      );
      requireFailures(total, jobId, codes);
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
  if (!retried.includes(job.job_type)) {
    throw refuse(UserErrorCode.UNSUPPORTED, jobId, `A job of type ${job.job_type.toUpperCase()} cannot be retried: correct its rows and start it again.`);
  }
  return job;
}

function requireFailures(total: number, jobId: string, codes: RetryJob['codes']): void {
  if (total > 0) return;
  throw refuse(UserErrorCode.INVALID, jobId, codes ? 'No target of this job failed with these codes.' : 'No target of this job failed.', codes ? 'codes' : 'id');
}

function refuse(code: UserErrorCode, jobId: string, message: string, field = 'id'): UserErrors {
  return new UserErrors(refusal(code, jobId, message, field));
}

function refusal(code: UserErrorCode, jobId: string, message: string, field = 'id'): UserError {
  return { code, message, field: ['input', field], target: toGlobalId('Job', jobId) };
}
