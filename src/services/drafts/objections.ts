import { sql, type Kysely } from 'kysely';
import type { Outreach } from '../../config/outreach.ts';
import { DraftStatus } from '../../domain/enums.ts';
import { UserErrorCode, type UserError } from '../../domain/errors.ts';
import { draftTransitions } from '../../domain/transitions.ts';
import { illegalTransition } from '../illegalTransition.ts';
import { readSuppressed } from '../suppression/excludeSuppressed.ts';
import { kindsInUse } from '../suppression/findSuppressed.ts';
import { obstacles } from './draftChannel.ts';
import type { LockedDraft } from './lockDrafts.ts';

/** What stands against approving a draft of which this fingerprint was read; null where nothing does. */
export type Objection = (draft: LockedDraft, fingerprint: string | null | undefined) => UserError | null;

/**
 * Looks once for what would be asked for each of these locked drafts: an approval is of exactly the text that was read, to
 * exactly the address where the prospect is reached, who may be written to.
 * @throws {UserErrors} NOT_CONFIGURED when there are suppressions and no key to compare them with
 */
export async function objections(db: Kysely<any>, outreach: Outreach, drafts: readonly LockedDraft[]): Promise<Objection> {
  const suppressed = await suppressedProspects(db, outreach, [...new Set(drafts.map(({ prospectId }) => prospectId))]);
  return (draft, fingerprint) => {
    const { INVALID, STALE, SUPPRESSED } = UserErrorCode;
    const { obstacle, address, recipient, problems } = draft;
    if (!fingerprint) return { code: INVALID, message: 'Give the fingerprint of the text that was read: an approval is of that text.' };
    if (!draftTransitions[draft.status].includes(DraftStatus.APPROVED)) {
      return illegalTransition('Draft', draft.id, draftTransitions, { from: draft.status, to: DraftStatus.APPROVED });
    }
    if (fingerprint !== draft.fingerprint) return { code: STALE, message: `The draft is at version ${draft.version} now, not as it was read: read it again.` };
    if (obstacle === 'EXCLUDED' || suppressed.has(draft.prospectId)) return { code: SUPPRESSED, message: obstacles['EXCLUDED']! };
    if (obstacle) return { code: INVALID, message: obstacles[obstacle]! };
    if (address === null || address !== recipient) {
      return { code: STALE, message: 'The recipient has another address than the draft: save the draft again, which addresses it anew, then read it.' };
    }
    return problems.length > 0 ? { code: INVALID, message: `The draft has problems. ${problems.join(' ')}` } : null;
  };
}

/** Those of these prospects that are suppressed. @throws {UserErrors} NOT_CONFIGURED */
export async function suppressedProspects(db: Kysely<any>, outreach: Outreach, ids: readonly string[]): Promise<Set<string>> {
  const kinds = await kindsInUse(db);
  if (kinds.size === 0 || ids.length === 0) return new Set();
  const candidates = await readSuppressed(db, outreach, sql`id = any(${ids}::uuid[])`, kinds);
  return new Set(candidates.filter(({ match }) => match !== null).map(({ id }) => id));
}
