import { sql, type Kysely } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { Channel, DraftStatus } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { toGlobalId } from '../../domain/globalId.ts';
import { draftTransitions, statesBefore } from '../../domain/transitions.ts';
import { illegalTransition } from '../illegalTransition.ts';
import { messageTables } from '../messages/messageTables.ts';
import { lockDrafts, type DraftState, type LockedDraft } from './lockDrafts.ts';
import { touched } from '../touched.ts';

export interface DraftChange {
  actor: string;
  /** narrower than the table of states, where the caller relies on more than what is legal */
  from?: readonly DraftStatus[];
  /** column → value or SQL, besides the state and what follows from it */
  set?: Readonly<Record<string, unknown>>;
  /** of the activity; `draft.` and the new state unless told */
  action?: string;
  /** `details` of the activity, besides the version: no personal data */
  details?: { [name: string]: unknown };
}

type DraftWrite = Required<Pick<DraftChange, 'actor' | 'set' | 'action'>> & Pick<DraftChange, 'details'>;

/**
 * Moves a draft along its table of states, with its activity and its projection, inside the caller's transaction. Locks
 * the prospect, then the profile, then the draft, until that ends: whoever holds a message has taken its prospect before.
 * Tell subscribers after the commit: `events.publish('drafts', [[draftId, 0]])`.
 * @returns the draft as it was
 * @throws {UserErrors} NOT_FOUND, or ILLEGAL_TRANSITION with what is allowed
 */
export async function transitionDraft(db: Kysely<any>, channel: Channel, draftId: string, to: DraftState, change: DraftChange): Promise<LockedDraft> {
  const draft = (await lockDrafts(db, [{ id: draftId, channel }])).get(draftId);
  if (!draft) {
    throw new UserErrors({ code: UserErrorCode.NOT_FOUND, message: 'There is no such draft.', field: ['input', 'id'] });
  }
  await moveDraft(db, draft, to, change);
  return draft;
}

/** The same for a draft that the caller has locked. @throws {UserErrors} ILLEGAL_TRANSITION, or CONFLICT with another open draft */
export async function moveDraft(db: Kysely<any>, draft: LockedDraft, to: DraftState, { actor, from, set, action, details }: DraftChange): Promise<void> {
  const allowed = statesBefore(draftTransitions, to).filter((status) => from?.includes(status) ?? true);
  if (!allowed.includes(draft.status)) {
    throw new UserErrors(illegalTransition('Draft', draft.id, draftTransitions, { from: draft.status, to }));
  }
  const open = openStates(draft);
  if (!open.includes(draft.status) && open.includes(to)) {
    await requireNoOther(db, draft, open);
  }
  await writeDraft(db, draft, to, { actor, set: { ...consequences(to), ...set }, action: action ?? `draft.${to}`, details });
}

/** As the unique indexes have it: nobody gets two first drafts, or two follow-ups at once. */
function openStates({ isFollowUp }: LockedDraft): DraftState[] {
  const waiting: DraftState[] = [DraftStatus.GENERATING, DraftStatus.PENDING_REVIEW, DraftStatus.APPROVED];
  return isFollowUp ? waiting : [...waiting, DraftStatus.SENT];
}

async function requireNoOther(db: Kysely<any>, { id, channel, targetId, isFollowUp }: LockedDraft, open: readonly DraftState[]): Promise<void> {
  const { drafts, targetId: target } = messageTables[channel];
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(drafts)}
    where ${sql.ref(target)} = ${targetId}::uuid and is_follow_up = ${isFollowUp} and status = any(${open}::draft_status[]) and id <> ${id}::uuid
    limit 1`.execute(db);
  if (rows[0]) {
    throw new UserErrors({
      code: UserErrorCode.CONFLICT,
      message: 'There is another open draft for the same recipient: work on that one.',
      field: ['input', 'id'],
      target: toGlobalId('Draft', rows[0].id),
    });
  }
}

/** An approval is of the text that stands there, which the caller has compared with the one that was read. */
function consequences(to: DraftState): Record<string, unknown> {
  switch (to) {
    case DraftStatus.APPROVED:
      return { approved_fingerprint: sql`fingerprint`, review_reason: null };
    case DraftStatus.SENT:
      return {};
    default:
      return { approved_fingerprint: null, review_reason: null };
  }
}

/**
 * Writes a locked draft, its activity and, unless it is a follow-up, its projection: in one statement. The activity bears the
 * time of the writing, not of the transaction, which may have waited for the one before.
 */
export async function writeDraft(
  db: Kysely<any>, { id, channel, status, isFollowUp }: LockedDraft, to: DraftState, { actor, set, action, details }: DraftWrite,
): Promise<void> {
  const { drafts, targets, targetId } = messageTables[channel];
  const columns = Object.entries(set).map(([column, value]) => sql`, ${sql.ref(column)} = ${value}`);
  const [subject, texts] = channel === Channel.EMAIL
    ? [sql`, subject`, sql`, draft_subject = changed.subject, draft_body = changed.body`]
    : [sql``, sql``];
  await sql`
    with changed as (
      update ${sql.table(drafts)} set status = ${to}::draft_status${sql.join(columns, sql``)}
      where id = ${id}::uuid and status = ${status}::draft_status
      returning id, ${sql.ref(targetId)} as target_id, status, version, body${subject}
    ), projected as (
      update ${sql.table(targets)} as target set ${touched('target')}, draft_status = changed.status${texts}
      from changed where target.id = changed.target_id and not ${isFollowUp}::boolean
    )
    insert into activities (id, created_at, actor, action, subject_type, subject_id, from_state, to_state, details)
    select ${uuidv7()}::uuid, clock_timestamp(), ${actor}, ${action}, 'Draft', id, ${status}, ${to}, jsonb_build_object('version', version) || ${JSON.stringify(details ?? {})}::jsonb
    from changed`.execute(db);
}
