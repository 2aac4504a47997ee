import { sql, type Kysely } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Channel } from '../../domain/enums.ts';
import type { SenderState } from './holdOf.ts';

export interface LockedSender extends SenderState {
  id: string;
  /** by the database's clock, once the row was ours */
  now: Date;
}

/** Takes the row of a sender, made when it is the first time: whatever counts for its cap and gap changes only under this lock. */
export async function lockSender(db: Kysely<any>, channel: Channel, address: string): Promise<LockedSender> {
  const { rows } = await sql<Record<keyof LockedSender, string | null> & { sentToday: number }>`
    insert into senders (id, channel, address) values (${uuidv7()}::uuid, ${channel}::channel, ${address})
    on conflict (channel, address) do update set address = excluded.address
    returning id, day::text, sent_today as "sentToday", claimed_at as "claimedAt", blocked_by as "blockedBy", blocked_until as "blockedUntil"`.execute(db);
  const sender = rows[0]!;
  const clock = await sql<{ now: string }>`select clock_timestamp() as now`.execute(db);
  return {
    ...sender,
    id: sender.id!,
    claimedAt: toDate(sender.claimedAt),
    blockedUntil: toDate(sender.blockedUntil),
    now: new Date(clock.rows[0]!.now),
  };
}

/** MikroORM's parsers leave timestamps as text. */
const toDate = (value: string | null) => (value === null ? null : new Date(value));
