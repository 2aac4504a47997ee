import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { version } from '../../config/version.ts';
import { adapterOf } from '../../discovery/adapters.ts';
import { JobStatus } from '../../domain/enums.ts';
import { UserErrors } from '../../domain/errors.ts';
import { beginJob } from '../beginJob.ts';
import { isSchemaFailure, isTransient } from '../../domain/databaseErrors.ts';
import { failJob } from '../failJob.ts';
import { inChunkSpan } from '../inChunkSpan.ts';
import { inParallel } from '../inParallel.ts';
import { rollUpJob } from '../rollUpJob.ts';
import { Slots, type WorkerContext } from '../workerContext.ts';
import { discoverChunk } from './discoverChunk.ts';
import type { DiscoveryJob } from './discoveryJob.ts';
import type { DiscoveryParameters } from './insertDiscovery.ts';
import { interruption } from './interruption.ts';
import { filtersOf } from './readSearch.ts';

/** Before a page that could not be kept is asked for again. */
const pauseMs = { database: 2_000, setUp: 20_000 };
/** Searches at once in this process. They wait for others' servers most of their time, and take no slot of other jobs for it. */
const searching = new Slots(12);

/**
 * Works on a discovery until this process finds no chunk to claim. Harmless for a job in any state, and in several
 * processes at once. Rejects when the database fails; whoever comes next goes on after the last page that was kept.
 */
export async function runDiscoveryJob(context: WorkerContext, { jobId }: { jobId: string }): Promise<void> {
  const row = await readJob(context, jobId);
  if (!row) return;
  if (row.status === JobStatus.PENDING) await beginJob(context, jobId);
  if (row.status === JobStatus.PENDING || row.status === JobStatus.RUNNING) {
    const job = await prepare(context, jobId, row);
    if (job) await inParallel(context.concurrency, () => workOff(context, job));
  }
  const { changed, sequence } = await rollUpJob(context.em(), jobId);
  if (changed) context.events.publish('jobs', [[jobId, sequence]]);
}

interface Row {
  status: JobStatus;
  attempt: number;
  parameters: DiscoveryParameters;
}

async function readJob({ em }: WorkerContext, jobId: string): Promise<Row | null> {
  const { rows } = await sql<Row>`select status, attempt, parameters from jobs where id = ${jobId}::uuid`.execute(em().getKysely() as Kysely<any>);
  return rows[0] ?? null;
}

/** Null, and the job FAILED, when this version of the program cannot do such a search. */
async function prepare(context: WorkerContext, jobId: string, { attempt, parameters }: Row): Promise<DiscoveryJob | null> {
  try {
    const adapter = adapterOf(parameters.platform);
    if (!adapter) throw new Error(`${parameters.platform.toUpperCase()} cannot be searched.`);
    const filters = filtersOf(adapter, parameters.filters);
    const contact = context.outreach.publicUrl;
    const userAgent = `Outrider/${version}${contact === undefined ? '' : ` (+${contact})`}`;
    return { ...parameters, id: jobId, attempt, adapter, filters, userAgent, session: {} };
  } catch (error) {
    await failJob(context, jobId, (error as Error).message);
    return null;
  }
}

async function workOff(context: WorkerContext, job: DiscoveryJob): Promise<void> {
  for (let found = true; found && !context.stopping.aborted; ) found = await searching.hold(() => runNext(context, job));
}

async function runNext(context: WorkerContext, job: DiscoveryJob): Promise<boolean> {
  const db = context.em().getKysely() as Kysely<any>;
  const chunk = context.stopping.aborted ? null : await context.leases.claim(db, job.id);
  if (!chunk) return false;
  const stop = interruption(context, job.id);
  try {
    await inChunkSpan(chunk, () => discoverChunk(context, job, chunk, stop.signal));
    context.leases.drop(chunk);
    return true;
  } catch (error) {
    const isInnocent = stop.signal.aborted || isTransient(error) || isSchemaFailure(error) || error instanceof UserErrors;
    // Until it can be kept nothing is asked for again: others' servers must not pay for our database.
    if (isInnocent) await sleep(isTransient(error) ? pauseMs.database : pauseMs.setUp, undefined, { signal: stop.signal }).catch(() => {});
    // When even that fails, the chunk waits for its lease to end; what went wrong first is what counts.
    await context.leases.giveBack(db, chunk, isInnocent ? null : (error as Error).message).catch(() => {});
    if (stop.signal.aborted) return false;
    throw error;
  } finally {
    stop.end();
  }
}
