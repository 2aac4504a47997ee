import { sql, type Kysely } from 'kysely';
import { Channel, JobStatus } from '../../domain/enums.ts';
import { UserErrors } from '../../domain/errors.ts';
import { isSchemaFailure, isTransient } from '../databaseFailure.ts';
import { compileDraftTemplate } from './draftTemplate.ts';
import { failJob } from '../failJob.ts';
import { attemptLimit, isolateChunk } from './isolateChunk.ts';
import { rollUpJob } from '../rollUpJob.ts';
import { runDraftChunk, type DraftJob } from './runDraftChunk.ts';
import { transitionJob } from '../transitionJob.ts';
import type { WorkerContext } from '../workerContext.ts';

/**
 * Works on a draft job until this process finds no chunk to claim: because all are done or in other hands, or
 * because the job is paused or cancelled. Harmless for a job in any state, and in several processes at once.
 * Rejects when the database fails; what was not committed then is done again by whoever claims it next.
 */
export async function runDraftJob(context: WorkerContext, { jobId }: { jobId: string }): Promise<void> {
  const row = await readJob(context, jobId);
  if (!row) {
    return;
  }
  const job = await begin(context, jobId, row);
  if (job) {
    const loops = Array.from({ length: context.concurrency }, () => workOff(context, job, jobId));
    const failed = (await Promise.allSettled(loops)).find((result) => result.status === 'rejected');
    if (failed) {
      throw failed.reason;
    }
  }
  const { changed, sequence } = await rollUpJob(context.em(), jobId);
  if (changed) {
    context.events.publish('jobs', [[jobId, sequence]]);
  }
}

interface Row {
  status: JobStatus;
  attempt: number;
  parameters: { channel: Channel; subject: string | null; body: string };
}

async function readJob(context: WorkerContext, jobId: string): Promise<Row | null> {
  const { rows } = await sql<Row>`
    select status, attempt, parameters from jobs where id = ${jobId}::uuid`.execute(context.em().getKysely() as Kysely<any>);
  return rows[0] ?? null;
}

/** What to do, after a PENDING job became RUNNING; null when there is nothing to draft. */
async function begin(context: WorkerContext, jobId: string, row: Row): Promise<DraftJob | null> {
  if (row.status !== JobStatus.PENDING && row.status !== JobStatus.RUNNING) {
    return null;
  }
  if (row.status === JobStatus.PENDING) {
    await start(context, jobId);
  }
  try {
    const { channel, subject, body } = row.parameters;
    return { channel, template: compileDraftTemplate({ subject, body }), attempt: row.attempt };
  } catch (error) {
    if (!(error instanceof UserErrors)) {
      throw error;
    }
    await failJob(context, jobId, error.message);
    return null;
  }
}

async function start(context: WorkerContext, jobId: string): Promise<void> {
  try {
    const { sequence } = await context.em().transactional((tx) => transitionJob(tx.getKysely(), jobId, JobStatus.RUNNING, 'worker'));
    context.events.publish('jobs', [[jobId, sequence]]);
  } catch (error) {
    // Another worker was first, or the job was cancelled meanwhile: claiming looks at its state again.
    if (!(error instanceof UserErrors)) {
      throw error;
    }
  }
}

async function workOff(context: WorkerContext, job: DraftJob, jobId: string): Promise<void> {
  for (let found = true; found && !context.stopping.aborted; ) {
    found = await context.slots.hold(() => runNext(context, job, jobId));
  }
}

async function runNext(context: WorkerContext, job: DraftJob, jobId: string): Promise<boolean> {
  const db = context.em().getKysely() as Kysely<any>;
  const chunk = context.stopping.aborted ? null : await context.leases.claim(db, jobId);
  if (!chunk) {
    return false;
  }
  try {
    await (chunk.attempts > attemptLimit ? isolateChunk(db, job, chunk) : runDraftChunk(db, job, chunk));
    context.leases.drop(chunk);
    return true;
  } catch (error) {
    const isInnocent = isTransient(error) || isSchemaFailure(error);
    // When even that fails, the chunk waits for its lease to end; what went wrong first is what counts.
    await context.leases.giveBack(db, chunk, isInnocent ? null : (error as Error).message).catch(() => {});
    throw error;
  }
}
