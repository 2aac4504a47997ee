import { sql, type Kysely, type RawBuilder } from 'kysely';
import { Channel, WaitingReason } from '../domain/enums.ts';

export interface WaitingMessages {
  channel: Channel;
  reason: WaitingReason;
  /** one of their sentences; null where nothing holds them */
  blockedBy: string | null;
  count: number;
  /** of the one that may leave first; null where none says so */
  dueAt: Date | null;
}

/** How the sentences begin that say why a message waits; what begins otherwise is what the other side said. */
const beginnings: readonly (readonly [WaitingReason, string])[] = [
  [WaitingReason.WINDOW, '^(the )?(sending )?window'],
  [WaitingReason.DAILY_CAP, '^(the )?daily cap'],
  [WaitingReason.GAP, '^(the )?(minimum )?gap'],
  [WaitingReason.BY_HAND, '^to be sent by hand'],
  [WaitingReason.CONFIGURATION, '^configuration'],
  [WaitingReason.SUPPRESSION, '^suppress'],
];

const reason: RawBuilder<WaitingReason> = sql`case
  when blocked_by is null then ${WaitingReason.NONE}
  ${sql.join(beginnings.map(([value, pattern]) => sql`when blocked_by ~* ${pattern} then ${value}`), sql` `)}
  else ${WaitingReason.OTHER_SIDE}
end`;

const ofChannel = (channel: Channel, table: string) => sql`
  select ${channel}::text as channel, reason, max(blocked_by) as "blockedBy", count(*)::int as count, min(due_at) as "dueAt"
  from (select blocked_by, due_at, ${reason} as reason from ${sql.table(table)} where status in ('queued', 'deferred')) as waiting
  group by reason`;

/** How many messages wait for what, on each channel; most first. */
export async function waitingMessages(db: Kysely<never>): Promise<WaitingMessages[]> {
  const { rows } = await sql<Omit<WaitingMessages, 'dueAt'> & { dueAt: string | null }>`
    ${ofChannel(Channel.EMAIL, 'email_messages')} union all ${ofChannel(Channel.SOCIAL, 'social_messages')}
    order by count desc, channel, reason`.execute(db);
  return rows.map(({ dueAt, ...row }) => ({ ...row, dueAt: dueAt === null ? null : new Date(dueAt) }));
}
