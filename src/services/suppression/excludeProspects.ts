import { type Kysely, type RawBuilder, sql } from 'kysely';
import { freshUuid } from '../freshUuid.ts';
import { cancelWaitingMessages, type Cancelling } from '../messages/cancelWaitingMessages.ts';
import { touched } from '../touched.ts';

/**
 * Excludes prospects from any further contact, inside the caller's transaction: stage EXCLUDED, an activity each, and
 * whatever waits for them is cancelled. Those that are excluded already stay as they are.
 *
 * @param selection over `prospects`
 * @param created uuids of those that this transaction made: nothing waits for them
 * @returns uuids of those that were excluded by this call
 */
export async function excludeProspects(
  db: Kysely<any>, selection: RawBuilder<unknown>, { actor, reason }: Cancelling, created: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with selected as materialized (
      select id, stage from prospects where excluded_at is null and (${selection}) order by id for no key update
    ), excluded as (
      update prospects set ${touched()}, excluded_at = now() from selected where prospects.id = selected.id
      returning prospects.id, selected.stage
    ), recorded as (
      insert into activities (id, actor, action, subject_type, subject_id, from_state, to_state, details)
      select ${freshUuid}, ${actor}, 'prospect.excluded', 'Prospect', id, stage::text, 'excluded', jsonb_build_object('reason', ${reason}::text)
      from excluded
    )
    select id from excluded`.execute(db);
  const ids = rows.map(({ id }) => id);
  await cancelWaitingMessages(db, ids.filter((id) => !created.has(id)), { actor, reason });
  return ids;
}
