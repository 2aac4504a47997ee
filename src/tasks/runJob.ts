import { sql, type Kysely } from 'kysely';
import { JobType } from '../domain/enums.ts';
import { runDiscoveryJob } from '../services/discovery/runDiscoveryJob.ts';
import { runDraftJob } from '../services/drafts/runDraftJob.ts';
import { runSendJob } from '../services/sending/runSendJob.ts';
import type { WorkerContext } from '../services/workerContext.ts';

type Run = (context: WorkerContext, job: { jobId: string }) => Promise<void>;

/**
 * How a worker works on a job of each type, until it finds nothing to do for it just now. Each is harmless for a job in
 * any state, and in several processes at once. An import is worked on by whoever reads its file, not by a worker.
 */
const runners: Partial<Record<JobType, Run>> = {
  [JobType.DISCOVER]: runDiscoveryJob,
  [JobType.DRAFT]: runDraftJob,
  [JobType.FOLLOW_UP]: runDraftJob,
  [JobType.SEND]: runSendJob,
};

/** The types of jobs that workers look for. */
export const runnableTypes = Object.keys(runners) as JobType[];

/** Does nothing for a job that is gone. Rejects when the database fails; whoever comes next goes on. */
export async function runJob(context: WorkerContext, jobId: string): Promise<void> {
  const { rows } = await sql<{ job_type: JobType }>`
    select job_type from jobs where id = ${jobId}::uuid`.execute(context.em().getKysely() as Kysely<any>);
  const type = rows[0]?.job_type;
  // A job of another type is here because its cancelling outlived the process that ran it: counting ends it.
  await (type && (runners[type] ?? runDraftJob))?.(context, { jobId });
}
