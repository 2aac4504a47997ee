import { sql, type Kysely, type RawBuilder } from 'kysely';
import { Channel, ReviewStatus } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors, type UserError } from '../../domain/errors.ts';
import { toGlobalId } from '../../domain/globalId.ts';
import { prospectConditions, type ProspectFilter } from '../../entities/prospectFilter.ts';

/** Every approved prospect that the filter selects and that has no draft on this channel: ids of prospects or profiles. */
export function selectTargets(channel: Channel, filter: ProspectFilter): RawBuilder<unknown> {
  const conditions = sql.join([sql`p.review_status = 'approved'`, ...prospectConditions(filter, 'p')], sql` and `);
  return channel === Channel.EMAIL
    ? sql`select p.id from prospects as p where p.draft_status = 'none' and ${conditions}`
    : sql`select s.id from social_profiles as s join prospects as p on p.id = s.prospect_id where s.draft_status = 'none' and ${conditions}`;
}

/** Exactly these prospects, or their profiles. */
export function selectNamed(channel: Channel, prospectIds: readonly string[]): RawBuilder<unknown> {
  return channel === Channel.EMAIL
    ? sql`select p.id from prospects as p where p.id = any(${prospectIds}::uuid[])`
    : sql`select s.id from social_profiles as s where s.prospect_id = any(${prospectIds}::uuid[])`;
}

/**
 * Prospects that are named one by one must be there, approved and reachable; all that are not are told at once.
 * @throws {UserErrors} NOT_FOUND or INVALID, with the position in the input
 */
export async function checkNamed(db: Kysely<any>, channel: Channel, prospectIds: readonly string[]): Promise<void> {
  const reachable = channel === Channel.EMAIL
    ? sql`p.email is not null and not p.email_blocked`
    : sql`exists (select from social_profiles as s where s.prospect_id = p.id)`;
  const { rows } = await sql<{ id: string; review_status: ReviewStatus; reachable: boolean }>`
    select p.id, p.review_status, ${reachable} as reachable
    from prospects as p
    where p.id = any(${prospectIds}::uuid[])`.execute(db);
  const found = new Map(rows.map((row) => [row.id, row]));
  const errors: UserError[] = [];
  prospectIds.forEach((id, index) => {
    const place = { field: ['input', 'prospectIds', String(index)], target: toGlobalId('Prospect', id) };
    const prospect = found.get(id);
    if (!prospect) {
      errors.push({ code: UserErrorCode.NOT_FOUND, message: 'There is no such prospect.', ...place });
    } else if (prospect.review_status !== ReviewStatus.APPROVED) {
      errors.push({ code: UserErrorCode.INVALID, message: `The prospect is ${prospect.review_status.toUpperCase()}: approve it first.`, ...place });
    } else if (!prospect.reachable) {
      const needed = channel === Channel.EMAIL ? 'address that may be written to' : 'social profile';
      errors.push({ code: UserErrorCode.INVALID, message: `The prospect has no ${needed}.`, ...place });
    }
  });
  if (errors.length > 0) {
    throw new UserErrors(...errors.slice(0, 20));
  }
}
