import { sql, type Kysely } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { Channel, DraftStatus } from '../../domain/enums.ts';
import { draftFingerprint } from '../../domain/fingerprint.ts';
import { lintDraft } from './lintDraft.ts';
import type { LockedDraft } from './lockDrafts.ts';
import { moveDraft, writeDraft, type DraftChange } from './transitionDraft.ts';

/** What is absent stays. */
export type TextEdits = Partial<Pick<LockedDraft, 'subject' | 'body'>>;

/**
 * Puts another text into a locked draft, addressed to where its prospect can be reached now: the earlier one is kept, the
 * version counts up, and the draft waits for a review, whatever was decided over the earlier text.
 * @returns false when text and address are there already: then nothing changes
 * @throws {UserErrors} ILLEGAL_TRANSITION, or CONFLICT with another open draft
 */
export async function replaceText(db: Kysely<any>, draft: LockedDraft, edits: TextEdits, { actor, action }: Pick<DraftChange, 'actor' | 'action'>): Promise<boolean> {
  const { channel, platform, status, address: recipient } = draft;
  const { subject, body } = { subject: draft.subject, body: draft.body, ...edits };
  if (subject === draft.subject && body === draft.body && recipient === draft.recipient) {
    return false;
  }
  await keepVersion(db, draft, actor);
  const set = {
    ...(channel === Channel.EMAIL && { subject }),
    body,
    recipient,
    fingerprint: draftFingerprint({ channel, recipient, subject, body }),
    problems: lintDraft({ channel, platform, subject, body }),
    version: draft.version + 1,
    approved_fingerprint: null,
    review_reason: null,
  };
  const change = { actor, set, action: action ?? 'draft.edited' };
  // One that waits goes on waiting, which is no change of state.
  await (status === DraftStatus.PENDING_REVIEW ? writeDraft(db, draft, status, change) : moveDraft(db, draft, DraftStatus.PENDING_REVIEW, change));
  return true;
}

async function keepVersion(db: Kysely<any>, { id, channel, version, subject, body, fingerprint }: LockedDraft, actor: string): Promise<void> {
  const [table, column, value] = channel === Channel.EMAIL
    ? [sql`email_draft_versions`, sql`, subject`, sql`, ${subject}`]
    : [sql`social_draft_versions`, sql``, sql``];
  await sql`
    insert into ${table} (id, draft_id, version, body, fingerprint, replaced_by${column})
    values (${uuidv7()}::uuid, ${id}::uuid, ${version}, ${body}, ${fingerprint}, ${actor}${value})`.execute(db);
}
