import { type Kysely, type RawBuilder, sql } from 'kysely';
import { Channel } from '../../domain/enums.ts';
import { messageTables } from './messageTables.ts';

/** Seconds by the database's clock for which whoever sends a message may be silent; it is renewed well within. */
const leaseSeconds = 30;
export const renewalMs = 8_000;

/** When a lease that is taken now ends. */
export const leaseEnd: RawBuilder<Date> = sql`clock_timestamp() + make_interval(secs => ${leaseSeconds})`;

/** A message in the hands of one process. */
export interface HeldMessage {
  id: string;
  channel: Channel;
  /** greater with each claim: whoever wrote down a smaller one has lost the message */
  fence: number;
  jobId: string | null;
  /** number of its chunk in the job */
  chunk: number | null;
}

/**
 * Called again and again for as long as the message is being sent; also when it was given up as unknown because its sender had been
 * silent: from then on it is known that the sender lives.
 */
export async function renewLease(db: Kysely<any>, { id, channel, fence, jobId, chunk }: HeldMessage): Promise<void> {
  await sql`
    with renewed as (
      update ${sql.table(messageTables[channel].messages)} set lease_until = ${leaseEnd}
      where id = ${id}::uuid and fence = ${fence} and status in ('sending', 'outcome_unknown')
      returning lease_until
    )
    update job_chunks set lease_until = renewed.lease_until from renewed
    where job_id = ${jobId}::uuid and number = ${chunk} and state = 'running'`.execute(db);
}

/** Its sender has nothing more to say. */
export async function endLease(db: Kysely<any>, { id, channel, fence }: HeldMessage): Promise<void> {
  await sql`update ${sql.table(messageTables[channel].messages)} set lease_until = null where id = ${id}::uuid and fence = ${fence}`.execute(db);
}

/** The chunk of a message that is being sent is in hand, as long as the message is. */
export async function holdMessageChunk(db: Kysely<any>, jobId: string, chunk: number): Promise<void> {
  await sql`
    update job_chunks set state = 'running', attempts = attempts + 1, lease_until = ${leaseEnd}
    where job_id = ${jobId}::uuid and number = ${chunk} and state = 'ready'`.execute(db);
}

/** It waits again with its message. */
export async function releaseMessageChunk(db: Kysely<any>, jobId: string, chunk: number): Promise<void> {
  await sql`
    update job_chunks set state = 'ready', lease_until = null
    where job_id = ${jobId}::uuid and number = ${chunk} and state = 'running'`.execute(db);
}
