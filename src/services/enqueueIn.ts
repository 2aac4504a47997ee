import type { EntityManager } from '@mikro-orm/postgresql';
import type { Transaction } from 'kysely';
import type { Queue } from '../queue/queue.ts';
import type { Task } from '../queue/task.ts';

/** Enqueues in the transaction that `tx` is in: no message without its rows, no rows without their message. */
export async function enqueueIn<Payload>(tx: EntityManager, queue: Queue, task: Task<Payload>, payload: Payload): Promise<void> {
  const transaction = tx.getTransactionContext<Transaction<any>>();
  if (!transaction) {
    throw new Error('A message is enqueued inside the transaction that writes its rows.');
  }
  await queue.enqueue(transaction, task, payload);
}
