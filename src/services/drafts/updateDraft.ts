import type { Kysely } from 'kysely';
import { Channel, DraftStatus } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { toGlobalId } from '../../domain/globalId.ts';
import { onOneLine, textProblem } from '../../domain/text.ts';
import { draftTransitions } from '../../domain/transitions.ts';
import { illegalTransition } from '../illegalTransition.ts';
import { inTransaction } from '../inTransaction.ts';
import type { JobContext } from '../jobContext.ts';
import { boundMessage } from './boundMessage.ts';
import { obstacles } from './draftChannel.ts';
import { findDrafts, type DraftRef } from './findDrafts.ts';
import { lockDrafts, type LockedDraft } from './lockDrafts.ts';
import { replaceText, type TextEdits } from './replaceText.ts';

/** What is absent stays. */
export interface UpdateDraft {
  /** uuid */
  draftId: string;
  /** as it was read */
  version: number;
  subject?: string | null;
  body?: string | null;
}

/** More than anybody writes; what is longer than it should be is a problem that the lint tells. */
const limits = { subject: 1_000, body: 100_000 };

/**
 * Puts another text into a draft, addressed to where its prospect can be reached now, and takes an approval or a rejection
 * back; the earlier text is kept. A text that is already there changes nothing.
 * @throws {UserErrors} NOT_FOUND, INVALID, STALE, SUPPRESSED, ILLEGAL_TRANSITION, or CONFLICT while a message carries the text
 */
export async function updateDraft({ em, actor, events }: JobContext, input: UpdateDraft): Promise<{ draftId: string }> {
  const { draftId, version } = input;
  const [ref] = await findDrafts(em.getKysely<any>(), [draftId]);
  const edits = readEdits(input, ref);
  const changed = await inTransaction(em, async (tx) => {
    const db = tx.getKysely<any>();
    const draft = (ref && (await lockDrafts(db, [ref])).get(draftId)) ?? notFound();
    requireVersion(draft, version);
    await requireEditable(db, draft);
    return replaceText(db, draft, edits, { actor: actor.name, action: 'draft.edited' });
  });
  if (changed) events.publish('drafts', [[draftId, 0]]);
  return { draftId };
}

function notFound(): never {
  throw new UserErrors({ code: UserErrorCode.NOT_FOUND, message: 'There is no such draft.', field: ['input', 'id'] });
}

function readEdits({ subject, body }: UpdateDraft, ref: DraftRef | undefined): TextEdits {
  const invalid = (message: string, field: string) => new UserErrors({ code: UserErrorCode.INVALID, message, field: ['input', field] });
  if (subject != null && ref?.channel === Channel.SOCIAL) throw invalid('A message on the social channel has no subject.', 'subject');
  for (const [field, text] of Object.entries({ subject, body })) {
    const problem = text == null ? null : textProblem(text);
    if (problem) throw invalid(`The ${field} ${problem}.`, field);
    const limit = limits[field as keyof typeof limits];
    if (text != null && text.length > limit) throw invalid(`The ${field} has ${text.length} characters; ${limit} are taken at most.`, field);
  }
  return {
    ...(subject != null && { subject: onOneLine(subject) }),
    ...(body != null && { body: body.replace(/\r\n?/g, '\n') }),
  };
}

function requireVersion({ id, version: present }: LockedDraft, version: number): void {
  if (present !== version) {
    throw new UserErrors({
      code: UserErrorCode.STALE,
      message: `The draft is at version ${present} now, not ${version}: look at it again, then change it.`,
      field: ['input', 'version'],
      target: toGlobalId('Draft', id),
    });
  }
}

const editable: readonly DraftStatus[] = [DraftStatus.PENDING_REVIEW, DraftStatus.APPROVED, DraftStatus.REJECTED];

async function requireEditable(db: Kysely<any>, draft: LockedDraft): Promise<void> {
  const { id, status, obstacle } = draft;
  if (obstacle === 'EXCLUDED') {
    throw new UserErrors({ code: UserErrorCode.SUPPRESSED, message: obstacles[obstacle]!, field: ['input', 'id'], target: toGlobalId('Draft', id) });
  }
  if (!editable.includes(status)) {
    throw new UserErrors(illegalTransition('Draft', id, draftTransitions, { from: status, to: DraftStatus.PENDING_REVIEW, cannot: 'be changed' }));
  }
  const message = status === DraftStatus.APPROVED ? await boundMessage(db, draft) : null;
  if (message) throw new UserErrors(message);
}
