import type { Kysely } from 'kysely';
import { type Channel, MessageStatus } from '../../domain/enums.ts';
import { transitionMessage } from '../messages/transitionMessage.ts';
import { obstacles, type Obstacle } from './obstacles.ts';

/** A waiting message that may not be sent any more is cancelled, and says why; in the caller's transaction. */
export async function cancelObstructed(db: Kysely<any>, channel: Channel, messageId: string, obstacle: Obstacle): Promise<void> {
  const { message } = obstacles[obstacle];
  await transitionMessage(db, channel, messageId, MessageStatus.CANCELLED, {
    actor: 'worker', set: { error: message }, details: { reason: obstacle }, reason: { code: obstacle, message },
  });
}
