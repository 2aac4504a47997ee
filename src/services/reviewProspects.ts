import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { ReviewStatus } from '../domain/enums.ts';
import { type UserError, UserErrorCode, UserErrors } from '../domain/errors.ts';
import { isUuid, toGlobalId } from '../domain/globalId.ts';
import { reviewTransitions, statesBefore } from '../domain/transitions.ts';
import type { ServiceContext } from './context.ts';
import { freshUuid } from './freshUuid.ts';
import { hasSocialTables } from './hasSocialTables.ts';
import { inTransaction } from './inTransaction.ts';
import { checkSelected, findMissing, type ProspectSelection, selectProspects } from './selectProspects.ts';
import { touched } from './touched.ts';

type ReviewDecision = 'approve' | 'reject' | 'reopen';

/** `prospectIds`, `filter` or `batch`, exactly one of them. */
export interface ReviewProspects extends ProspectSelection {
  /** uuid of the review that REOPEN takes back */
  batch?: string | null;
  decision: ReviewDecision;
  reason?: string | null;
}

export interface ProspectReview {
  /** uuids of the first 100 that changed */
  changedIds: string[];
  changedCount: number;
  failedCount: number;
  /** uuids of the first 100 that did not change; `userErrors` says why */
  failedIds: string[];
  /** uuid that names this decision; null when nothing changed */
  batch: string | null;
  userErrors: UserError[];
}

const becomes: Record<ReviewDecision, ReviewStatus> = {
  approve: ReviewStatus.APPROVED,
  reject: ReviewStatus.REJECTED,
  reopen: ReviewStatus.PENDING,
};
const shown = 100;

interface Outcome {
  selected: number;
  changed: number;
  changedIds: string[] | null;
  failures: { id: string; was: ReviewStatus; contacted: boolean }[] | null;
}

/**
 * Decides over any number of prospects with one statement; each that cannot take the decision stays and is told.
 * @throws {UserErrors} INVALID, NOT_FOUND, STALE: then nothing has changed
 */
export async function reviewProspects({ em, actor }: ServiceContext, input: ReviewProspects): Promise<ProspectReview> {
  const selection = selectionOf(input);
  const batch = uuidv7();
  return inTransaction(em, async (tx) => {
    const takesBack = input.decision !== 'approve' && (await anyApproved(tx.getKysely<unknown>(), selection)) ? await contactedBy(tx.getKysely<unknown>()) : null;
    const outcome = await decide(tx.getKysely<unknown>(), selection, { input, batch, actor: actor.name, takesBack });
    checkSelected(input, outcome.selected);
    if (input.batch != null && outcome.selected === 0) throw unknownBatch();
    const missing = await findMissing(tx.getKysely<unknown>(), input.prospectIds);
    const failures = outcome.failures ?? [];
    return {
      changedIds: outcome.changedIds ?? [],
      changedCount: outcome.changed,
      failedCount: outcome.selected - outcome.changed + missing.length,
      failedIds: [...failures.map(({ id }) => id), ...missing].slice(0, shown),
      batch: outcome.changed > 0 ? batch : null,
      userErrors: [
        ...failures.map((failure) => refusal(failure, input)),
        ...missing.map((id) => at(id, input, { code: UserErrorCode.NOT_FOUND, message: 'There is no such prospect.' })),
      ].slice(0, shown),
    };
  });
}

function selectionOf(input: ReviewProspects): RawBuilder<SqlBool> {
  const { prospectIds, filter, batch, decision } = input;
  const invalid = (message: string, ...field: string[]) => new UserErrors({ code: UserErrorCode.INVALID, message, field: ['input', ...field] });
  if ([prospectIds, filter, batch].filter((selector) => selector != null).length !== 1) {
    throw invalid('Give ids, filter or batch: exactly one of them.');
  }
  if (batch == null) return selectProspects(input);
  if (decision !== 'reopen') throw invalid('A batch can only be taken back, with REOPEN.', 'decision');
  if (!isUuid(batch)) throw unknownBatch();
  return sql<SqlBool>`prospects.review_batch = ${batch}::uuid`;
}

/** Whether any of the selected is approved: only then messages matter, which need the tables of both channels. */
async function anyApproved(db: Kysely<unknown>, selection: RawBuilder<SqlBool>): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from prospects where review_status = 'approved' and ${selection}) as found`.execute(db);
  return rows[0]!.found;
}

/** Locks the selected, changes those that may change, and writes an activity for each of them. */
async function decide(
  db: Kysely<unknown>,
  selection: RawBuilder<SqlBool>,
  { input, batch, actor, takesBack }: { input: ReviewProspects; batch: string; actor: string; takesBack: RawBuilder<SqlBool> | null },
): Promise<Outcome> {
  const to = becomes[input.decision];
  // One that was approved since we looked stays as it is.
  const from = statesBefore(reviewTransitions, to).filter((status) => takesBack !== null || status !== ReviewStatus.APPROVED);
  const reason = input.decision === 'reopen' ? null : input.reason?.trim() || null;
  const { rows } = await sql<Outcome>`
    with selected as materialized (
      select id, review_status as was, ${takesBack ? sql`review_status = 'approved' and ${takesBack}` : sql`false`} as contacted
      from prospects where ${selection} order by id for no key update
    ), changed as (
      update prospects set ${touched()}, review_status = ${to}::review_status, review_reason = ${reason}, review_batch = ${batch}::uuid
      from selected
      where prospects.id = selected.id and not contacted and was = any(${from}::review_status[])
      returning prospects.id, was
    ), recorded as (
      insert into activities (id, actor, action, subject_type, subject_id, from_state, to_state, details)
      select ${freshUuid}, ${actor}, 'prospect.reviewed', 'Prospect', id, was::text, ${to}, jsonb_build_object('batch', ${batch}::text)
      from changed
    )
    select (select count(*) from selected)::int as selected, (select count(*) from changed)::int as changed,
      (select json_agg(id) from (select id from changed order by id limit ${shown}) as first) as "changedIds",
      (select json_agg(failed) from (
        select id, was, contacted from selected where id not in (select id from changed) order by id limit ${shown}
      ) as failed) as failures`.execute(db);
  return rows[0] as Outcome;
}

/** Whether something has left for the prospect, or may have: on either channel. Without its tables nothing has on the social one. */
async function contactedBy(db: Kysely<unknown>): Promise<RawBuilder<SqlBool>> {
  const hasLeft = sql`message.status not in ('queued', 'deferred', 'cancelled', 'failed')`;
  const social = (await hasSocialTables(db))
    ? sql`or exists (
      select from social_messages as message join social_profiles as profile on profile.id = message.social_profile_id
      where profile.prospect_id = prospects.id and ${hasLeft}
    )`
    : sql``;
  return sql<SqlBool>`(sent_at is not null or exists (
    select from email_messages as message where message.prospect_id = prospects.id and ${hasLeft}
  ) ${social})`;
}

function unknownBatch(): UserErrors {
  return new UserErrors({ code: UserErrorCode.NOT_FOUND, message: 'No prospect stands as this review left it.', field: ['input', 'batch'] });
}

function refusal({ id, was, contacted: wasContacted }: NonNullable<Outcome['failures']>[number], input: ReviewProspects): UserError {
  const allowed = wasContacted ? [] : reviewTransitions[was].map((status) => status.toUpperCase());
  const why = wasContacted ? 'something was sent to it' : `from there it goes to ${allowed.join(' or ')}`;
  const message = `The prospect is ${was.toUpperCase()} and cannot become ${becomes[input.decision].toUpperCase()}: ${why}.`;
  return at(id, input, { code: UserErrorCode.ILLEGAL_TRANSITION, message, allowed });
}

function at(id: string, { prospectIds }: ReviewProspects, error: UserError): UserError {
  const index = prospectIds?.indexOf(id) ?? -1;
  return { ...error, target: toGlobalId('Prospect', id), ...(index >= 0 && { field: ['input', 'ids', String(index)] }) };
}
