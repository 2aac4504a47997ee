import { sql, type Kysely } from 'kysely';
import { Drafter, JobStatus, JobType } from '../../domain/enums.ts';
import { UserErrors } from '../../domain/errors.ts';
import { ModelFailure } from '../../languageModel/ModelFailure.ts';
import { beginJob } from '../beginJob.ts';
import { failJob } from '../failJob.ts';
import { followUpPlace } from '../followUps/followUpPlace.ts';
import { inParallel } from '../inParallel.ts';
import { runWithModel } from '../languageModel/runWithModel.ts';
import { rollUpJob } from '../rollUpJob.ts';
import { readSettings } from '../settings/readSettings.ts';
import type { WorkerContext } from '../workerContext.ts';
import { draftChannels, type DraftChannel } from './draftChannel.ts';
import type { DraftParameters } from './draftParameters.ts';
import { compileDraftTemplate } from './draftTemplate.ts';
import { holdChunk } from './holdChunk.ts';
import { runDraftChunk, type DraftJob } from './runDraftChunk.ts';

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
    await work(context, job, jobId);
  }
  const { changed, sequence } = await rollUpJob(context.em(), jobId);
  if (changed) {
    context.events.publish('jobs', [[jobId, sequence]]);
  }
}

interface Row {
  jobType: JobType;
  status: JobStatus;
  attempt: number;
  parameters: DraftParameters;
}

async function readJob(context: WorkerContext, jobId: string): Promise<Row | null> {
  const { rows } = await sql<Row>`
    select job_type as "jobType", status, attempt, parameters from jobs where id = ${jobId}::uuid`.execute(context.em().getKysely() as Kysely<any>);
  return rows[0] ?? null;
}

/** What to do, after a PENDING job became RUNNING; null when there is nothing to draft. */
async function begin(context: WorkerContext, jobId: string, row: Row): Promise<DraftJob | null> {
  if (row.status !== JobStatus.PENDING && row.status !== JobStatus.RUNNING) {
    return null;
  }
  if (row.status === JobStatus.PENDING) {
    await beginJob(context, jobId);
  }
  try {
    return await readPlan(context, row);
  } catch (error) {
    await failJobOf(context, jobId, error);
    return null;
  }
}

/** @throws {UserErrors} when the template does not parse */
async function readPlan(context: WorkerContext, { jobType, attempt, parameters }: Row): Promise<DraftJob> {
  const { channel, subject, body, drafter = Drafter.LIQUID } = parameters;
  const template = compileDraftTemplate({ subject, body }, { marksData: drafter === Drafter.LANGUAGE_MODEL });
  const isFollowUp = jobType === JobType.FOLLOW_UP;
  const place = isFollowUp ? await readFollowUpPlace(context, parameters) : draftChannels[channel];
  return { channel, drafter, place, template, attempt, isFollowUp };
}

async function readFollowUpPlace({ em, outreach }: WorkerContext, { channel, afterDays = 0 }: DraftParameters): Promise<DraftChannel> {
  const { followUp: { maximum } } = await readSettings(em().getKysely());
  return followUpPlace(channel, { afterDays, maximum }, outreach);
}

async function work(context: WorkerContext, job: DraftJob, jobId: string): Promise<void> {
  try {
    await (job.drafter === Drafter.LANGUAGE_MODEL ? runWithModel(context, job, jobId) : inParallel(context.concurrency, () => workOff(context, job, jobId)));
  } catch (error) {
    await failJobOf(context, jobId, error);
  }
}

/** Ends the job when no target of it can work, whoever tries; throws everything else. */
async function failJobOf(context: WorkerContext, jobId: string, error: unknown): Promise<void> {
  if (!(error instanceof UserErrors || error instanceof ModelFailure)) {
    throw error;
  }
  await failJob(context, jobId, error.message).catch((late: unknown) => {
    // Somebody else was first, or it was cancelled meanwhile.
    if (!(late instanceof UserErrors)) throw late;
  });
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
  await holdChunk(context, job, chunk, (held) => runDraftChunk(held, job, chunk));
  return true;
}
