import { sql } from 'kysely';
import { Channel } from '../../domain/enums.ts';
import { addressOf } from '../../mail/mailFrom.ts';
import type { SenderRecord } from '../../mail/lookUpRecords.ts';
import type { ServiceContext } from '../context.ts';
import { readSettings } from '../settings/readSettings.ts';
import { countToday, holdOf } from './holdOf.ts';

export interface ListedSender {
  channel: Channel;
  address: string;
  sentToday: number;
  dailyCap: number;
  blockedBy: string | null;
  blockedUntil: Date | null;
  records: SenderRecord[];
  checkedAt: Date | null;
}

interface Row {
  channel: Channel;
  address: string;
  day: string | null;
  sentToday: number;
  claimedAt: string | null;
  blockedBy: string | null;
  blockedUntil: string | null;
  records: SenderRecord[];
  checkedAt: string | null;
}

/** Whoever has sent, and the e-mail address that is configured to. */
export async function listSenders({ em, outreach }: ServiceContext): Promise<ListedSender[]> {
  const db = em.getKysely<any>();
  const { sending } = await readSettings(db);
  const { rows } = await sql<Row & { now: string }>`
    select channel, address, day::text, sent_today as "sentToday", claimed_at as "claimedAt", blocked_by as "blockedBy",
      blocked_until as "blockedUntil", records, checked_at as "checkedAt"
    from senders order by channel, address`.execute(db);
  const clock = await sql<{ now: string }>`select now() as now`.execute(db);
  const now = new Date(clock.rows[0]!.now);
  return withConfigured(rows, outreach.mailFrom).map(({ day, sentToday, claimedAt, blockedBy, blockedUntil, checkedAt, ...sender }) => {
    const rules = sending[sender.channel];
    const state = { day, sentToday, blockedBy, claimedAt: toDate(claimedAt), blockedUntil: toDate(blockedUntil) };
    const hold = holdOf(state, rules, now);
    return {
      ...sender,
      sentToday: countToday(state, rules, now),
      dailyCap: rules.dailyCap,
      blockedBy: hold?.reason ?? null,
      blockedUntil: hold?.until ?? null,
      checkedAt: toDate(checkedAt),
    };
  });
}

function withConfigured(rows: readonly Row[], mailFrom: string | undefined): readonly Row[] {
  const address = mailFrom && addressOf(mailFrom);
  if (!address || rows.some((row) => row.channel === Channel.EMAIL && row.address === address)) return rows;
  const unused = { day: null, sentToday: 0, claimedAt: null, blockedBy: null, blockedUntil: null, records: [], checkedAt: null };
  return [{ channel: Channel.EMAIL, address, ...unused }, ...rows];
}

const toDate = (value: string | null) => (value === null ? null : new Date(value));
