import { sql, type Kysely } from 'kysely';
import type { Channel } from '../../domain/enums.ts';
import { messageTables } from '../messages/messageTables.ts';
import type { Hold } from './holdOf.ts';

/** Messages of one statement: it comes again with the next sweep. */
const batch = 5_000;

/**
 * The waiting messages of a job say why they wait. Until when is said of all where it holds for a day or a night, else of
 * the first: the others wait for it besides.
 */
export async function tellHold(db: Kysely<any>, channel: Channel, jobId: string, { kind, reason, until }: Pick<Hold, 'kind' | 'reason'> & { until: Date | null }): Promise<void> {
  const messages = sql.table(messageTables[channel].messages);
  const due = until && sql`${until.toISOString()}::timestamptz`;
  const ofAll = kind === 'window' || kind === 'cap' ? due : null;
  await sql`
    update ${messages} set blocked_by = ${reason}, due_at = ${ofAll ?? null} where id in (
      select id from ${messages}
      where job_id = ${jobId}::uuid and status = 'queued'
        and (blocked_by is distinct from ${reason} ${ofAll ? sql`or due_at is distinct from ${ofAll}` : sql``})
      order by chunk limit ${batch} for no key update skip locked
    )`.execute(db);
  if (ofAll) return;
  await sql`
    update ${messages} set due_at = ${due} where id = (
      select id from ${messages} where job_id = ${jobId}::uuid and status = 'queued' order by chunk limit 1 for no key update skip locked
    ) and due_at is distinct from ${due}`.execute(db);
}

/** What held the messages of a job holds no longer: those that are left are told anew when something does. */
export async function releaseMessages(db: Kysely<any>, channel: Channel, jobId: string): Promise<void> {
  const messages = sql.table(messageTables[channel].messages);
  await sql`
    update ${messages} set blocked_by = null, due_at = null where id in (
      select id from ${messages} where job_id = ${jobId}::uuid and status = 'queued' and blocked_by is not null
      order by chunk limit ${batch} for no key update skip locked
    )`.execute(db);
}
