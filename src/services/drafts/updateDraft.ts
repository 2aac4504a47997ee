import { sql, type Kysely } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { Channel, DraftStatus } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { draftFingerprint } from '../../domain/fingerprint.ts';
import { toGlobalId } from '../../domain/globalId.ts';
import { onOneLine, textProblem } from '../../domain/text.ts';
import { draftTransitions } from '../../domain/transitions.ts';
import { illegalTransition } from '../illegalTransition.ts';
import type { JobContext } from '../jobContext.ts';
import { boundMessage } from './boundMessage.ts';
import { findDrafts, type DraftRef } from './findDrafts.ts';
import { lintDraft } from './lintDraft.ts';
import { lockDrafts, type LockedDraft } from './lockDrafts.ts';
import { moveDraft, writeDraft } from './transitionDraft.ts';

/** What is absent stays. */
export interface UpdateDraft {
  /** uuid */
  draftId: string;
  /** as it was read */
  version: number;
  subject?: string | null;
  body?: string | null;
}

type Text = Pick<LockedDraft, 'subject' | 'body' | 'recipient'>;

/** More than anybody writes; what is longer than it should be is a problem that the lint tells. */
const limits = { subject: 1_000, body: 100_000 };

/**
 * Puts another text into a draft, addressed to where its prospect can be reached now, and takes an approval or a rejection
 * back; the earlier text is kept. A text that is already there changes nothing.
 * @throws {UserErrors} NOT_FOUND, INVALID, STALE, ILLEGAL_TRANSITION, or CONFLICT while a message carries the text
 */
export async function updateDraft({ em, actor, events }: JobContext, input: UpdateDraft): Promise<{ draftId: string }> {
  const { draftId, version } = input;
  const [ref] = await findDrafts(em.getKysely<any>(), [draftId]);
  const edits = readEdits(input, ref);
  const changed = await em.transactional(async (tx) => {
    const db = tx.getKysely<any>();
    const draft = (ref && (await lockDrafts(db, [ref])).get(draftId)) ?? notFound();
    requireVersion(draft, version);
    await requireEditable(db, draft);
    const text: Text = { subject: draft.subject, body: draft.body, recipient: draft.address ?? draft.recipient, ...edits };
    if (isSame(text, draft)) return false;
    await keepVersion(db, draft, actor.name);
    await writeText(db, draft, text, actor.name);
    return true;
  });
  if (changed) events.publish('drafts', [[draftId, 0]]);
  return { draftId };
}

function notFound(): never {
  throw new UserErrors({ code: UserErrorCode.NOT_FOUND, message: 'There is no such draft.', field: ['input', 'id'] });
}

function readEdits({ subject, body }: UpdateDraft, ref: DraftRef | undefined): Partial<Text> {
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
  const { id, status } = draft;
  if (!editable.includes(status)) {
    throw new UserErrors(illegalTransition('Draft', id, draftTransitions, { from: status, to: DraftStatus.PENDING_REVIEW, cannot: 'be changed' }));
  }
  const message = status === DraftStatus.APPROVED ? await boundMessage(db, draft) : null;
  if (message) throw new UserErrors(message);
}

const isSame = (text: Text, draft: Text): boolean =>
  text.subject === draft.subject && text.body === draft.body && text.recipient === draft.recipient;

async function keepVersion(db: Kysely<any>, { id, channel, version, subject, body, fingerprint }: LockedDraft, actor: string): Promise<void> {
  const [table, column, value] = channel === Channel.EMAIL
    ? [sql`email_draft_versions`, sql`, subject`, sql`, ${subject}`]
    : [sql`social_draft_versions`, sql``, sql``];
  await sql`
    insert into ${table} (id, draft_id, version, body, fingerprint, replaced_by${column})
    values (${uuidv7()}::uuid, ${id}::uuid, ${version}, ${body}, ${fingerprint}, ${actor}${value})`.execute(db);
}

async function writeText(db: Kysely<any>, draft: LockedDraft, { subject, body, recipient }: Text, actor: string): Promise<void> {
  const { channel, platform, status, version } = draft;
  const set = {
    version: version + 1,
    ...(channel === Channel.EMAIL && { subject }),
    body,
    recipient,
    fingerprint: draftFingerprint({ channel, recipient, subject, body }),
    problems: lintDraft({ channel, platform, subject, body }),
  };
  const change = { actor, set, action: 'draft.edited' };
  // One that waits goes on waiting, which is no change of state.
  await (status === DraftStatus.PENDING_REVIEW ? writeDraft(db, draft, status, change) : moveDraft(db, draft, DraftStatus.PENDING_REVIEW, change));
}
