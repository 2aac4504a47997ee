import { sql, type Kysely } from 'kysely';
import { JobType } from '../domain/enums.ts';
import { runDiscoveryJob } from '../services/discovery/runDiscoveryJob.ts';
import { runDraftJob } from '../services/drafts/runDraftJob.ts';
import { runSendJob } from '../services/sending/runSendJob.ts';
import type { WorkerContext } from '../services/workerContext.ts';
import { inSpan, type TraceContext } from '../telemetry/trace.ts';

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
  const { rows } = await sql<{ type: JobType; trace: TraceContext | null }>`
    select job_type as type, parameters -> 'trace' as trace from jobs where id = ${jobId}::uuid`.execute(context.em().getKysely() as Kysely<any>);
  const [job] = rows;
  if (!job) return;
  // A job of another type is here because its cancelling outlived the process that ran it: counting ends it.
  const run = runners[job.type] ?? runDraftJob;
  // A job is looked at each second for as long as it lives; what is told is when something of it was done.
  await inSpan({ name: `job ${job.type}`, kind: 'consumer', parent: job.trace, onlyWithChildren: true, withoutStatements: true, attributes: { 'outrider.job.id': jobId, 'outrider.job.type': job.type } }, () =>
    run(context, { jobId }));
}
