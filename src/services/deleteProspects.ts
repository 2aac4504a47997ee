import { type Kysely, sql } from 'kysely';
import { type UserError, UserErrorCode } from '../domain/errors.ts';
import { toGlobalId } from '../domain/globalId.ts';
import type { ServiceContext } from './context.ts';
import { freshUuid } from './freshUuid.ts';
import { inTransaction } from './inTransaction.ts';

/**
 * Deletes prospects with their profiles and drafts; those with messages stay, whatever became of the messages.
 * @param prospectIds uuids, 1,000 at most
 */
export async function deleteProspects(
  { em, actor }: ServiceContext,
  { prospectIds }: { prospectIds: readonly string[] },
): Promise<{ deletedCount: number; userErrors: UserError[] }> {
  return inTransaction(em, async (tx) => {
    const db = tx.getKysely<unknown>();
    const hasMessages = await lockAndLook(db, [...new Set(prospectIds)]);
    const deletable = [...hasMessages].filter(([, has]) => !has).map(([id]) => id);
    await sql`
      with deleted as (delete from prospects where id = any(${deletable}::uuid[]) returning id)
      insert into activities (id, actor, action, subject_type, subject_id)
      select ${freshUuid}, ${actor.name}, 'prospect.deleted', 'Prospect', id from deleted`.execute(db);
    const userErrors = prospectIds.flatMap((id, index): UserError[] => {
      const place = { field: ['input', 'ids', String(index)], target: toGlobalId('Prospect', id) };
      if (!hasMessages.has(id)) return [{ code: UserErrorCode.NOT_FOUND, message: 'There is no such prospect.', ...place }];
      if (!hasMessages.get(id)) return [];
      return [{ code: UserErrorCode.CONFLICT, message: 'The prospect has messages, so it cannot be deleted; erase the person instead.', ...place }];
    });
    return { deletedCount: deletable.length, userErrors };
  });
}

/** Prospects and profiles stay locked, so that nobody writes them a message meanwhile. */
async function lockAndLook(db: Kysely<unknown>, ids: string[]): Promise<Map<string, boolean>> {
  await sql`select id from prospects where id = any(${ids}::uuid[]) order by id for update`.execute(db);
  await sql`select id from social_profiles where prospect_id = any(${ids}::uuid[]) order by id for update`.execute(db);
  const { rows } = await sql<{ id: string; has: boolean }>`
    select id, exists (select from email_messages where prospect_id = prospects.id) or exists (
      select from social_messages join social_profiles on social_profiles.id = social_messages.social_profile_id
      where social_profiles.prospect_id = prospects.id
    ) as has
    from prospects where id = any(${ids}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, has }) => [id, has]));
}
