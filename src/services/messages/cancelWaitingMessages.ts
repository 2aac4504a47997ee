import { type Kysely, type RawBuilder, sql } from 'kysely';
import { Channel } from '../../domain/enums.ts';
import { freshUuid } from '../freshUuid.ts';
import { hasSocialTables } from '../hasSocialTables.ts';
import { messageTables } from './messageTables.ts';

export interface Cancelling {
  actor: string;
  /** a few words without personal data, such as `replied` or `unsubscribed`; shown with the message */
  reason: string;
}

/**
 * Cancels what is still to be sent to these prospects, on both channels, inside the caller's transaction: each message
 * with an activity, and its chunk of the job that would send it as skipped. One that is being sent at this moment stays: its
 * sender sees the new state of the prospect before the end of it leaves.
 *
 * @param prospectIds uuids; the caller holds their rows
 * @returns how many were cancelled
 */
export async function cancelWaitingMessages(db: Kysely<any>, prospectIds: readonly string[], cancelling: Cancelling): Promise<number> {
  if (prospectIds.length === 0) return 0;
  const email = await cancel(db, Channel.EMAIL, sql`prospect_id = any(${prospectIds}::uuid[])`, cancelling);
  // Without its tables nothing waits on the social channel, and nobody shall go on being written to for that.
  if (!(await hasSocialTables(db))) return email;
  const ofProfiles = sql`social_profile_id in (select social_profiles.id from social_profiles where social_profiles.prospect_id = any(${prospectIds}::uuid[]))`;
  return email + (await cancel(db, Channel.SOCIAL, ofProfiles, cancelling));
}

/** The same for what a job has not sent yet, in statements of bounded size; what is being sent at this moment ends first. */
export async function cancelMessagesOfJob(db: Kysely<any>, jobId: string, actor: string): Promise<void> {
  const { rows } = await sql<{ channel: Channel }>`select parameters ->> 'channel' as channel from jobs where id = ${jobId}::uuid`.execute(db);
  const { channel } = rows[0]!;
  const batch = sql`id in (
    select id from ${sql.table(messageTables[channel].messages)} where job_id = ${jobId}::uuid and status in ('queued', 'deferred') order by chunk limit ${batchSize}
  )`;
  while ((await cancel(db, channel, batch, { actor, reason: 'the job was cancelled' })) === batchSize);
}

const batchSize = 2_000;

async function cancel(db: Kysely<any>, channel: Channel, condition: RawBuilder<unknown>, { actor, reason }: Cancelling): Promise<number> {
  const tables = messageTables[channel];
  const messages = sql.table(tables.messages);
  const { rows } = await sql<{ count: number }>`
    with waiting as materialized (
      select id, status, job_id, chunk, ${sql.ref(tables.targetId)} as target_id from ${messages}
      where ${condition} and status in ('queued', 'deferred')
      order by id
      for no key update
    ), cancelled as (
      update ${messages} as message set status = 'cancelled', blocked_by = null, due_at = null, error = ${reason}
      from waiting where message.id = waiting.id
      returning message.id, waiting.status, waiting.job_id, waiting.chunk, waiting.target_id
    ), ended as (
      update job_chunks as chunk set state = 'done', lease_until = null, skipped_count = 1, outcome_counts = '{"skipped": 1}'
      from cancelled
      where chunk.job_id = cancelled.job_id and chunk.number = cancelled.chunk and chunk.state in ('ready', 'running')
      returning chunk.job_id, chunk.first_ordinal, chunk.attempts, cancelled.target_id
    ), outcomes as (
      insert into job_targets (job_id, ordinal, target_id, outcome, attempts, code, message)
      select job_id, first_ordinal, target_id, 'skipped', greatest(attempts, 1), 'CANCELLED', ${`It was cancelled: ${reason}.`} from ended
      on conflict do nothing
    ), recorded as (
      insert into activities (id, actor, action, subject_type, subject_id, from_state, to_state, details)
      select ${freshUuid}, ${actor}, 'message.cancelled', 'Message', id, status::text, 'cancelled', jsonb_build_object('reason', ${reason}::text)
      from cancelled
    )
    select count(*)::int as count from cancelled`.execute(db);
  return rows[0]!.count;
}
