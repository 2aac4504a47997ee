import type { Kysely } from 'kysely';
import { Channel, Drafter, JobType } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { draftTask } from '../../queue/draftTask.ts';
import { announceWork } from '../announceWork.ts';
import { chooseTemplate } from '../drafts/chooseTemplate.ts';
import { checkDrafter, chunkSizeOf, type DraftParameters } from '../drafts/draftParameters.ts';
import { compileDraftTemplate } from '../drafts/draftTemplate.ts';
import { insertDraftChunks } from '../drafts/insertDraftChunks.ts';
import { enqueueIn } from '../enqueueIn.ts';
import { once } from '../idempotency.ts';
import { inTransaction } from '../inTransaction.ts';
import { insertJob } from '../insertJob.ts';
import type { JobContext } from '../jobContext.ts';
import { readSettings } from '../settings/readSettings.ts';
import { selectDue } from './followUpPlace.ts';

export interface FollowUp {
  channel?: Channel;
  /** days without a reply since the last message; 4 when absent */
  afterDays?: number | null;
  /** Liquid; the default of the settings when absent */
  bodyTemplate?: string | null;
  /** uuid of a template that is kept, instead of a text; its subject does not count */
  templateId?: string | null;
  /** LIQUID when absent */
  drafter?: Drafter;
  idempotencyKey?: string | null;
}

const mostDays = 365;

/**
 * Starts drafting follow-ups for every prospect, or on the social channel every profile, that was written to so long ago
 * and has not answered: the job, its chunks and the queue's message in one transaction. Each target is looked at again
 * when it is drafted.
 * @returns the id of the job; of the earlier one when the idempotencyKey was used before
 * @throws {UserErrors} INVALID, CONFLICT, NOT_CONFIGURED
 */
export async function followUp(context: JobContext, input: FollowUp): Promise<{ jobId: string }> {
  const { em, actor, queue, events, outreach } = context;
  const { idempotencyKey, channel = Channel.EMAIL, bodyTemplate, templateId, drafter } = input;
  const afterDays = checkDays(input.afterDays ?? 4);
  checkDrafter(drafter, outreach);
  const { jobId, started } = await inTransaction(em, async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    const request = { caller: actor.name, mutation: 'followUp', key: idempotencyKey, input: { channel, afterDays, bodyTemplate, templateId, drafter } };
    return once(db, request, async (id) => {
      const { followUp: { maximum }, followUpDraft } = await readSettings(db);
      const chosen = templateId ? await chooseTemplate(db, channel, { templateId, bodyTemplate }) : { body: bodyTemplate ?? followUpDraft[channel].body };
      const parameters: DraftParameters = { channel, subject: null, body: chosen.body, drafter, afterDays };
      compileDraftTemplate(parameters, { marksData: drafter === Drafter.LANGUAGE_MODEL });
      await insertJob(db, { id, jobType: JobType.FOLLOW_UP, createdBy: actor.name, parameters: { ...parameters } });
      await insertDraftChunks(db, id, selectDue(channel, { afterDays, maximum }), chunkSizeOf(drafter));
      await enqueueIn(tx, queue, draftTask, { jobId: id });
    });
  });
  if (started) {
    announceWork(events, jobId, 1);
  }
  return { jobId };
}

function checkDays(days: number): number {
  if (!Number.isInteger(days) || days < 0 || days > mostDays) {
    throw new UserErrors({ code: UserErrorCode.INVALID, message: `Give 0 to ${mostDays} days.`, field: ['input', 'afterDays'] });
  }
  return days;
}
