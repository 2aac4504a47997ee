import type { Kysely } from 'kysely';
import { Channel, Drafter, JobType } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import type { ProspectFilter } from '../../entities/prospectFilter.ts';
import { draftTask } from '../../queue/draftTask.ts';
import { announceWork } from '../announceWork.ts';
import { chooseTemplate, type TemplateChoice } from './chooseTemplate.ts';
import { checkDrafter, chunkSizeOf, type DraftParameters } from './draftParameters.ts';
import { checkNamed, selectNamed, selectTargets } from './draftTargets.ts';
import { compileDraftTemplate } from './draftTemplate.ts';
import { enqueueIn } from '../enqueueIn.ts';
import { once } from '../idempotency.ts';
import { insertDraftChunks } from './insertDraftChunks.ts';
import { inTransaction } from '../inTransaction.ts';
import { insertJob } from '../insertJob.ts';
import type { JobContext } from '../jobContext.ts';

export interface StartDraftJob extends TemplateChoice {
  channel?: Channel;
  /** LIQUID when absent */
  drafter?: Drafter;
  /** uuids, 1,000 at most; when absent, every approved prospect that `filter` selects and that has no draft yet */
  prospectIds?: readonly string[] | null;
  filter?: ProspectFilter | null;
  /** required without `prospectIds` */
  expectedCount?: number | null;
  idempotencyKey?: string | null;
}

/**
 * Starts drafting: the job, its chunks and the queue's message in one transaction. Nothing is rendered here.
 * @returns the id of the job; of the earlier one when the idempotencyKey was used before
 * @throws {UserErrors} INVALID, NOT_FOUND, STALE, CONFLICT, NOT_CONFIGURED
 */
export async function startDraftJob(context: JobContext, input: StartDraftJob): Promise<{ jobId: string }> {
  const { em, actor, queue, events, outreach } = context;
  const { idempotencyKey, channel = Channel.EMAIL, ...rest } = input;
  const { drafter } = rest;
  const prospectIds = checkSelection(rest);
  checkDrafter(drafter, outreach);
  const { jobId, started } = await inTransaction(em, async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    const request = { caller: actor.name, mutation: 'startDraftJob', key: idempotencyKey, input: { channel, ...rest } };
    return once(db, request, async (id) => {
      const template = await chooseTemplate(db, channel, rest);
      compileDraftTemplate(template, { marksData: drafter === Drafter.LANGUAGE_MODEL });
      const parameters: DraftParameters = { channel, ...template, drafter };
      await insertJob(db, { id, jobType: JobType.DRAFT, createdBy: actor.name, parameters: { ...parameters } });
      if (prospectIds) {
        await checkNamed(db, channel, prospectIds);
        await insertDraftChunks(db, id, selectNamed(channel, prospectIds), chunkSizeOf(drafter));
      } else {
        const total = await insertDraftChunks(db, id, selectTargets(channel, rest.filter ?? {}), chunkSizeOf(drafter));
        checkCount(total, rest.expectedCount);
      }
      await enqueueIn(tx, queue, draftTask, { jobId: id });
    });
  });
  if (started) {
    announceWork(events, jobId, 1);
  }
  return { jobId };
}

/** The count is of the very rows that became targets; the transaction rolls back when it is not the one that was seen. */
function checkCount(total: number, expectedCount: number | null | undefined): void {
  if (total !== expectedCount) {
    throw new UserErrors({
      code: UserErrorCode.STALE,
      message: `${total} targets are selected now, not ${expectedCount}: look again, then start.`,
      field: ['input', 'expectedCount'],
    });
  }
}

/** The named prospects, or null when a filter selects them. */
function checkSelection({ prospectIds, filter, expectedCount }: StartDraftJob): readonly string[] | null {
  const invalid = (message: string, field: string) => new UserErrors({ code: UserErrorCode.INVALID, message, field: ['input', field] });
  if (!prospectIds) {
    if (expectedCount == null) {
      throw invalid('Without prospectIds give expectedCount, the number of prospects that you saw.', 'expectedCount');
    }
    return null;
  }
  if (filter) {
    throw invalid('Give prospectIds or filter, not both.', 'filter');
  }
  if (prospectIds.length === 0 || prospectIds.length > 1_000) {
    throw invalid('Name 1 to 1,000 prospects, or select more with a filter.', 'prospectIds');
  }
  return prospectIds;
}
