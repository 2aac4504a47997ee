import type { Kysely } from 'kysely';
import { DraftStatus } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors, type UserError } from '../../domain/errors.ts';
import { toGlobalId } from '../../domain/globalId.ts';
import { textProblem } from '../../domain/text.ts';
import { inTransaction } from '../inTransaction.ts';
import type { JobContext } from '../jobContext.ts';
import { boundMessage } from './boundMessage.ts';
import { findDrafts, type DraftRef } from './findDrafts.ts';
import { lockDrafts, type DraftState, type LockedDraft } from './lockDrafts.ts';
import { objections } from './objections.ts';
import { moveDraft } from './transitionDraft.ts';

type Decision = 'approve' | 'reject' | 'reopen';

export interface DraftReview {
  /** uuid; null for an id that names nothing */
  draftId: string | null;
  /** what was read; an approval is of it */
  fingerprint?: string | null;
}

export interface ReviewDrafts {
  /** 1 to 100, each on its own: those that cannot take the decision stay as they are */
  drafts: readonly DraftReview[];
  decision: Decision;
  reason?: string | null;
}

export interface DraftsReviewed {
  /** uuids, in the order of the input */
  changedIds: string[];
  userErrors: UserError[];
}

const becomes: Readonly<Record<Decision, DraftState>> = {
  approve: DraftStatus.APPROVED,
  reject: DraftStatus.REJECTED,
  reopen: DraftStatus.PENDING_REVIEW,
};
const maximum = 100;
const reasonLimit = 2_000;

/**
 * Decides over drafts in one transaction, which holds them until all are decided.
 * @throws {UserErrors} INVALID or NOT_CONFIGURED: then nothing has changed
 */
export async function reviewDrafts(context: JobContext, input: ReviewDrafts): Promise<DraftsReviewed> {
  const { em, events } = context;
  checkInput(input);
  const ids = input.drafts.flatMap(({ draftId }) => draftId ?? []);
  const refs = await findDrafts(em.getKysely<any>(), [...new Set(ids)]);
  const reviewed = await inTransaction(em, (tx) => decideAll(tx.getKysely<any>(), context, input, refs));
  if (reviewed.changedIds.length > 0) events.publish('drafts', reviewed.changedIds.map((id) => [id, 0]));
  return reviewed;
}

function checkInput({ drafts, reason }: ReviewDrafts): void {
  const invalid = (message: string, field: string) => new UserErrors({ code: UserErrorCode.INVALID, message, field: ['input', field] });
  if (drafts.length === 0 || drafts.length > maximum) throw invalid(`Name 1 to ${maximum} drafts.`, 'drafts');
  const problem = reason == null ? null : textProblem(reason);
  if (problem) throw invalid(`The reason ${problem}.`, 'reason');
  if (reason && reason.length > reasonLimit) throw invalid(`The reason has ${reason.length} characters; ${reasonLimit} are taken at most.`, 'reason');
}

async function decideAll(db: Kysely<any>, context: JobContext, input: ReviewDrafts, refs: readonly DraftRef[]): Promise<DraftsReviewed> {
  const locked = await lockDrafts(db, refs);
  const object = input.decision === 'approve' ? await objections(db, context.outreach, [...locked.values()]) : null;
  const seen = new Set<string>();
  const changedIds: string[] = [];
  const userErrors: UserError[] = [];
  for (const [index, review] of input.drafts.entries()) {
    const place = { field: ['input', 'drafts', String(index)], ...(review.draftId && { target: toGlobalId('Draft', review.draftId) }) };
    const draft = locked.get(review.draftId ?? '');
    const error = !draft
      ? { code: UserErrorCode.NOT_FOUND, message: 'There is no such draft.' }
      : seen.has(draft.id)
        ? { code: UserErrorCode.INVALID, message: 'The draft is named twice.' }
        : object?.(draft, review.fingerprint) ?? (await decide(db, draft, input, context.actor.name));
    if (error) {
      userErrors.push({ ...error, ...place });
    } else {
      changedIds.push(draft!.id);
    }
    seen.add(review.draftId ?? '');
  }
  return { changedIds, userErrors };
}

/** Why it stays as it is, or null. */
async function decide(db: Kysely<any>, draft: LockedDraft, { decision, reason }: ReviewDrafts, actor: string): Promise<UserError | null> {
  if (decision === 'reopen' && draft.status === DraftStatus.APPROVED) {
    const message = await boundMessage(db, draft);
    if (message) return message;
  }
  const set = decision === 'reject' ? { review_reason: reason?.trim() || null } : {};
  // The worker's own step has the same end.
  const from = decision === 'reopen' ? [DraftStatus.APPROVED, DraftStatus.REJECTED] : undefined;
  try {
    await moveDraft(db, draft, becomes[decision], { actor, set, from });
    return null;
  } catch (error) {
    if (error instanceof UserErrors) return error.errors[0]!;
    throw error;
  }
}
