import { setTimeout as sleep } from 'node:timers/promises';
import { TargetOutcome } from '../../domain/enums.ts';
import { connectModel, type AskOnce } from '../../languageModel/connectModel.ts';
import { requireModel } from '../drafts/draftParameters.ts';
import { holdChunk } from '../drafts/holdChunk.ts';
import { runDraftChunk, type Compose, type DraftJob } from '../drafts/runDraftChunk.ts';
import { inParallel } from '../inParallel.ts';
import type { WorkerContext } from '../workerContext.ts';
import { claimAffordable } from './claimAffordable.ts';
import { composeWithModel } from './composeWithModel.ts';
import { watchJob, type JobWatch } from './watchJob.ts';

/** Of one job in this process. They wait for somebody else's computer, and take none of the slots that Liquid needs. */
const requestsAtOnce = 8;

/**
 * Works on a job whose drafts a language model writes, as long as there is something to claim. Pausing or cancelling the
 * job and stopping the process end all waiting; what was asked for is given back, for whoever comes next.
 * @throws {UserErrors} NOT_CONFIGURED
 * @throws {ModelFailure} when no target of the job can work
 */
export async function runWithModel(context: WorkerContext, job: DraftJob, jobId: string): Promise<void> {
  const ask = await connectModel(requireModel(context.outreach));
  const watch = watchJob(context, jobId);
  try {
    await inParallel(requestsAtOnce, () => workOff(context, job, jobId, { ask, watch }));
  } finally {
    watch.end();
  }
}

async function workOff(context: WorkerContext, job: DraftJob, jobId: string, { ask, watch }: { ask: AskOnce; watch: JobWatch }): Promise<void> {
  const { signal } = watch;
  while (!signal.aborted) {
    const claim = await claimAffordable(context, jobId);
    if (claim === null) return;
    try {
      if ('waitMs' in claim) {
        await sleep(Math.min(claim.waitMs, 1_000), undefined, { signal });
      } else {
        const { chunk, settings, isSpent } = claim;
        await holdChunk(context, job, chunk, (db) => runDraftChunk(db, job, chunk, isSpent ? refuse : composeWithModel(job, { db, ask, settings, signal })));
      }
    } catch (error) {
      if (signal.aborted) return;
      // The others need not find out the same.
      watch.end();
      throw error;
    }
  }
}

const spent = {
  outcome: TargetOutcome.FAILED as const,
  code: 'COST_CAP',
  message: 'The job has used up the money that languageModel.costCapPerJob gives it: raise it, or retry these targets in a job of their own.',
};

const refuse: Compose = (targets) => ({ drafts: [], refused: targets.map(({ ordinal, targetId }) => ({ ordinal, targetId, ...spent })), cost: 0 });
