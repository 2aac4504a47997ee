import { sql, type Kysely } from 'kysely';
import { MessageStatus } from '../../domain/enums.ts';
import { UserErrorCode, type UserError } from '../../domain/errors.ts';
import { toGlobalId } from '../../domain/globalId.ts';
import { messageTables } from '../messages/messageTables.ts';
import type { LockedDraft } from './lockDrafts.ts';

const advice: Partial<Record<MessageStatus, string>> = {
  [MessageStatus.QUEUED]: 'cancel it first',
  [MessageStatus.DEFERRED]: 'cancel it first',
  [MessageStatus.SENDING]: 'wait for what becomes of it',
  [MessageStatus.OUTCOME_UNKNOWN]: 'say first whether it arrived',
};

/** That a message carries the text of this approved draft, so that the approval stays; null where none does, or none will. */
export async function boundMessage(db: Kysely<any>, { id, channel }: LockedDraft): Promise<UserError | null> {
  const { rows } = await sql<{ id: string; status: MessageStatus }>`
    select id, status from ${sql.table(messageTables[channel].messages)}
    where draft_id = ${id}::uuid and status not in ('failed', 'cancelled') limit 1`.execute(db);
  const [message] = rows;
  if (!message) return null;
  return {
    code: UserErrorCode.CONFLICT,
    message: `A message with this text is ${message.status.toUpperCase()}: ${advice[message.status] ?? 'it has left'}.`,
    field: ['input', 'id'],
    target: toGlobalId('Message', message.id),
  };
}
