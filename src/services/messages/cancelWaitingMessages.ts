import { type Kysely, type RawBuilder, sql } from 'kysely';
import { freshUuid } from '../freshUuid.ts';

export interface Cancelling {
  actor: string;
  /** a few words without personal data, such as `replied` or `unsubscribed`; shown with the message */
  reason: string;
}

/**
 * Cancels what is still to be sent to these prospects, on both channels, inside the caller's transaction: each message
 * with an activity, and its chunk of the job that would send it as skipped. One that is being sent at this moment stays: its
 * sender sees the new state of the prospect before it tries again.
 *
 * @param prospectIds uuids; the caller holds their rows
 * @returns how many were cancelled
 */
export async function cancelWaitingMessages(db: Kysely<any>, prospectIds: readonly string[], cancelling: Cancelling): Promise<number> {
  if (prospectIds.length === 0) return 0;
  const email = await cancel(db, 'email_messages', sql`prospect_id = any(${prospectIds}::uuid[])`, cancelling);
  const ofProfiles = sql`social_profile_id in (select id from social_profiles where prospect_id = any(${prospectIds}::uuid[]))`;
  return email + (await cancel(db, 'social_messages', ofProfiles, cancelling));
}

async function cancel(db: Kysely<any>, table: string, ofProspects: RawBuilder<unknown>, { actor, reason }: Cancelling): Promise<number> {
  const messages = sql.table(table);
  const { rows } = await sql<{ count: number }>`
    with waiting as materialized (
      select id, status, job_id from ${messages}
      where ${ofProspects} and status in ('queued', 'deferred')
      order by id
      for no key update
    ), cancelled as (
      update ${messages} as message set status = 'cancelled', blocked_by = null, due_at = null, error = ${reason}
      from waiting where message.id = waiting.id
      returning message.id, waiting.status, waiting.job_id
    ), ended as (
      update job_chunks as chunk set state = 'done', lease_until = null, fence = chunk.fence + 1, skipped_count = 1,
        outcome_counts = '{"skipped": 1}'
      from cancelled
      where chunk.job_id = cancelled.job_id and chunk.target_ids[1] = cancelled.id and chunk.state in ('ready', 'running')
    ), recorded as (
      insert into activities (id, actor, action, subject_type, subject_id, from_state, to_state, details)
      select ${freshUuid}, ${actor}, 'message.cancelled', 'Message', id, status::text, 'cancelled', jsonb_build_object('reason', ${reason}::text)
      from cancelled
    )
    select count(*)::int as count from cancelled`.execute(db);
  return rows[0]!.count;
}
