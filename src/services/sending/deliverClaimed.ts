import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import { isTransient } from '../../domain/databaseErrors.ts';
import { renewalMs, renewLease } from '../messages/messageLease.ts';
import { messageTables } from '../messages/messageTables.ts';
import type { WorkerContext } from '../workerContext.ts';
import type { ClaimedMessage } from './claimMessage.ts';
import { draftSource, obstacleOfMessage, obstacles, type Obstacle } from './obstacles.ts';
import { settleMessage, type Delivered } from './settleMessage.ts';

/**
 * Hands a message to the other side.
 * @param handOver called when all but the last of it has left: that leaves once it resolves, and never when it rejects
 * @param stopping gives up, unless the last of it has left
 */
export type Deliver = (message: ClaimedMessage, handOver: () => Promise<void>, stopping: AbortSignal) => Promise<Delivered>;

/** Another process has taken the message, because this one was silent for too long: it must not leave from here. */
class LeaseLost extends Error {}

/** Between its claim and now it was forbidden: an answer, an unsubscription. Mail servers take their time. */
class Obstructed extends Error {}

/** Milliseconds that a delivery may go on when the process shall stop; its end is not waited for longer. */
const graceMs = 3_000;
/** Milliseconds for which a database that is gone is waited for, to write down what became of a message. */
const patienceMs = 600_000;

/**
 * Delivers a claimed message, under its lease, and writes down what became of it. Whatever fails here before the message has
 * left leaves it to its lease's end, after which it is tried again.
 */
export async function deliverClaimed(context: WorkerContext, message: ClaimedMessage, deliver: Deliver): Promise<void> {
  const db = () => context.em().getKysely() as Kysely<any>;
  const renewal = setInterval(() => {
    // One that fails is followed by another within the lease.
    renewLease(db(), message).catch((error: Error) => context.log.warn({ err: error, messageId: message.id }, 'a lease could not be renewed'));
  }, renewalMs);
  const stopping = new AbortController();
  const giveUp = () => setTimeout(() => stopping.abort(), graceMs).unref();
  context.stopping.addEventListener('abort', giveUp);
  try {
    const delivered = await deliver(message, () => handOver(db(), message), stopping.signal);
    await writeDown(context, message, delivered);
  } catch (error) {
    if (error instanceof Obstructed) {
      await writeDown(context, message, { outcome: 'obstructed', response: error.message });
      return;
    }
    if (!(error instanceof LeaseLost)) throw error;
    context.log.warn({ messageId: message.id }, 'a message was taken over by another worker before it had left');
  } finally {
    clearInterval(renewal);
    context.stopping.removeEventListener('abort', giveUp);
  }
}

/** Committed before the last of a message leaves: from here on it may have arrived. The rules are asked a last time. */
async function handOver(db: Kysely<any>, { id, channel, fence }: ClaimedMessage): Promise<void> {
  const { rows } = await sql<{ obstacle: Obstacle | null }>`
    with present as materialized (
      select m.id, ${obstacleOfMessage(channel)} as obstacle
      from ${sql.table(messageTables[channel].messages)} as m join (${draftSource[channel]}) on d.id = m.draft_id
      where m.id = ${id}::uuid
    )
    update ${sql.table(messageTables[channel].messages)} as message
    set handed_over_at = case when obstacle is null then clock_timestamp() end
    from present where message.id = present.id and fence = ${fence} and status = 'sending'
    returning obstacle`.execute(db);
  if (!rows[0]) throw new LeaseLost();
  const { obstacle } = rows[0];
  if (obstacle !== null) throw new Obstructed(obstacles[obstacle].message);
}

/** What has happened out there cannot be rolled back: it is written down as soon as the database lets us. */
async function writeDown({ em, log }: WorkerContext, message: ClaimedMessage, delivered: Delivered): Promise<void> {
  for (const deadline = performance.now() + patienceMs; ; ) {
    try {
      await em().transactional((tx) => settleMessage(tx.getKysely(), message, delivered));
      return;
    } catch (error) {
      if (!isTransient(error) || performance.now() > deadline) throw error;
      log.warn({ err: error, messageId: message.id }, 'what became of a message could not be written down; trying again');
      await sleep(500);
    }
  }
}
