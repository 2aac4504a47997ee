import { sql, type Kysely } from 'kysely';
import { Channel, MessageStatus } from '../../domain/enums.ts';
import { messageTables } from '../messages/messageTables.ts';
import { transitionMessage } from '../messages/transitionMessage.ts';
import type { WorkerContext } from '../workerContext.ts';
import { cancelWithItsJob } from './settleMessage.ts';

/** Of one sweep. */
const batch = 100;

/**
 * Messages whose worker has died: what had not been handed over is tried again, the rest may have arrived and waits for a
 * person who finds out. Any process may call it at any time.
 */
export async function recoverMessages({ em, log }: WorkerContext): Promise<void> {
  // Each channel for itself: a broken table of one keeps nobody from the other.
  const failures: unknown[] = [];
  for (const channel of Object.values(Channel)) {
    await em().transactional((tx) => recover(tx.getKysely(), channel, log)).catch((error) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

async function recover(db: Kysely<any>, channel: Channel, log: WorkerContext['log']): Promise<void> {
  const { rows } = await sql<{ id: string; jobId: string | null; handedOver: boolean }>`
    select id, job_id as "jobId", handed_over_at is not null as "handedOver" from ${sql.table(messageTables[channel].messages)}
    where status = 'sending' and (lease_until is null or lease_until < clock_timestamp())
    order by id limit ${batch} for no key update skip locked`.execute(db);
  for (const { id, jobId, handedOver } of rows) {
    log.warn({ messageId: id, handedOver }, 'a message was left by a worker that died');
    if (handedOver) {
      const message = 'The worker died after the message had been handed over: it may have arrived.';
      await transitionMessage(db, channel, id, MessageStatus.OUTCOME_UNKNOWN, {
        actor: 'worker', set: { error: message }, reason: { code: 'OUTCOME_UNKNOWN', message },
      });
    } else {
      const error = 'The worker died before the message had left.';
      await transitionMessage(db, channel, id, MessageStatus.DEFERRED, { actor: 'worker', set: { error, blocked_by: error, due_at: sql`now()` } });
      await cancelWithItsJob(db, { id, channel, jobId });
    }
  }
}
