import { sql, type Kysely } from 'kysely';
import { Channel, JobStatus } from '../../domain/enums.ts';
import { beginJob } from '../beginJob.ts';
import { cancelMessagesOfJob } from '../messages/cancelWaitingMessages.ts';
import { rollUpJob } from '../rollUpJob.ts';
import type { WorkerContext } from '../workerContext.ts';
import { sendEmails } from './email/sendEmails.ts';
import { sendSocialMessages } from './social/sendSocialMessages.ts';

/** Answers whether anything has moved. */
type Send = (context: WorkerContext, jobId: string) => Promise<boolean>;

const channels: Readonly<Record<Channel, Send>> = { [Channel.EMAIL]: sendEmails, [Channel.SOCIAL]: sendSocialMessages };

/**
 * Sends what a job has to send until nothing may leave just now. Harmless for a job in any state, and in several processes
 * at once. Rejects when the database fails; whoever comes next goes on.
 */
export async function runSendJob(context: WorkerContext, { jobId }: { jobId: string }): Promise<void> {
  const db = context.em().getKysely() as Kysely<any>;
  const { rows } = await sql<{ status: JobStatus; parameters: { channel: Channel } }>`
    select status, parameters from jobs where id = ${jobId}::uuid`.execute(db);
  const [job] = rows;
  if (!job) return;
  const { status, parameters: { channel } } = job;
  if (status === JobStatus.PENDING) await beginJob(context, jobId);
  if (status === JobStatus.CANCELLING) await cancelMessagesOfJob(db, jobId, 'worker');
  const isRunning = status === JobStatus.PENDING || status === JobStatus.RUNNING;
  const moved = isRunning ? await channels[channel](context, jobId) : true;
  // A job that waits for a night is only looked at for its end: counting costs what it has chunks.
  if (!moved && (await hasOpenChunks(db, jobId))) return;
  const { changed, sequence } = await rollUpJob(context.em(), jobId);
  if (changed) context.events.publish('jobs', [[jobId, sequence]]);
}

async function hasOpenChunks(db: Kysely<any>, jobId: string): Promise<boolean> {
  const { rows } = await sql<{ open: boolean }>`
    select exists (select from job_chunks where job_id = ${jobId}::uuid and state in ('ready', 'running')) as open`.execute(db);
  return rows[0]!.open;
}
