import { sql, type Kysely } from 'kysely';
import type { Outreach } from '../../config/outreach.ts';
import { Channel } from '../../domain/enums.ts';
import { domainOf } from '../../mail/mailFrom.ts';
import { freshUuid } from '../freshUuid.ts';
import { messageTables } from '../messages/messageTables.ts';
import { draftSource, hasMessage, obstacleOf, obstacles } from './obstacles.ts';
import { readSuppressedRecipients } from './readSuppressedRecipients.ts';
import { byHand } from './social/leaveToHands.ts';

/** Drafts of one statement: some tenths of a second. */
const batchSize = 2_000;

export interface Queueing {
  channel: Channel;
  jobId: string;
  actor: string;
  outreach: Outreach;
}

/**
 * A queued message with its chunk and activity for each of these drafts that may be sent, and a skipped target with its
 * reason for each that may not: also for one that another job queues at this moment. Inside the caller's transaction.
 * @param draftIds uuids, any number, in the order in which they shall leave
 */
export async function queueDrafts(db: Kysely<any>, queueing: Queueing, draftIds: readonly string[]): Promise<void> {
  for (let start = 0; start < draftIds.length; start += batchSize) {
    await queueBatch(db, queueing, draftIds.slice(start, start + batchSize), start);
  }
  await sql`update jobs set total_targets = ${draftIds.length} where id = ${queueing.jobId}::uuid`.execute(db);
}

async function queueBatch(db: Kysely<any>, { channel, jobId, actor, outreach }: Queueing, ids: readonly string[], before: number): Promise<void> {
  const { messages, targetId } = messageTables[channel];
  const target = sql.ref(targetId);
  const suppressed = await readSuppressedRecipients(db, outreach, channel, ids);
  // The Message-ID is made of the message's id, so that every attempt carries the same one.
  const [ofChannel, channelColumns] = channel === Channel.EMAIL
    ? [sql`, subject, '<' || id || '@' || ${domainOf(outreach.mailFrom ?? '')} || '>'`, sql`, subject, message_id`]
    : [sql`, ${outreach.socialWebhook ? null : byHand}`, sql`, blocked_by`];
  await sql`
    with draft as materialized (
      select ${freshUuid} as id, d.id as draft_id, d.${target} as target_id, ${channel === Channel.EMAIL ? sql`d.subject` : sql`null`} as subject,
        d.body, d.recipient, d.fingerprint, d.is_follow_up, (${before} + wanted.ordinal)::int as ordinal,
        coalesce(${obstacleOf(channel, suppressed)}, case when ${hasMessage(channel)} then 'ALREADY_QUEUED' end) as obstacle
      from unnest(${ids}::uuid[]) with ordinality as wanted (id, ordinal) join (${draftSource[channel]}) on d.id = wanted.id
    ), queued as (
      insert into ${sql.table(messages)} (id, draft_id, ${target}, job_id, chunk, body, recipient, fingerprint, is_follow_up${channelColumns})
      select id, draft_id, target_id, ${jobId}::uuid, ordinal, body, recipient, fingerprint, is_follow_up${ofChannel}
      from draft where obstacle is null order by ordinal
      on conflict do nothing
      returning id, draft_id, chunk
    ), chunked as (
      insert into job_chunks (job_id, number, first_ordinal, target_count, target_ids)
      select ${jobId}::uuid, chunk, chunk, 1, array[id] from queued
    ), recorded as (
      insert into activities (id, actor, action, subject_type, subject_id, to_state)
      select ${freshUuid}, ${actor}, 'message.queued', 'Message', id, 'queued' from queued
    ), skipped as (
      select ordinal, target_id, coalesce(obstacle, 'ALREADY_QUEUED') as code from draft where draft_id not in (select draft_id from queued)
    ), settled as (
      insert into job_chunks (job_id, number, state, first_ordinal, target_count, skipped_count, outcome_counts)
      select ${jobId}::uuid, min(ordinal), 'done', min(ordinal), count(*), count(*), jsonb_build_object('skipped', count(*)) from skipped having count(*) > 0
    )
    insert into job_targets (job_id, ordinal, target_id, outcome, code, message)
    select ${jobId}::uuid, ordinal, target_id, 'skipped', code, ${JSON.stringify(messagesOf)}::jsonb ->> code from skipped`.execute(db);
}

const messagesOf = Object.fromEntries(Object.entries(obstacles).map(([code, { message }]) => [code, message]));
