import { type Kysely, sql } from 'kysely';
import { Channel } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { messageTables } from './messageTables.ts';

/** The channel of a message. The social tables are looked at only for what is no e-mail. @throws {UserErrors} NOT_FOUND */
export async function findChannel(db: Kysely<any>, messageId: string): Promise<Channel> {
  for (const channel of [Channel.EMAIL, Channel.SOCIAL]) {
    const { rows } = await sql`select from ${sql.table(messageTables[channel].messages)} where id = ${messageId}::uuid`.execute(db);
    if (rows.length > 0) return channel;
  }
  throw new UserErrors({ code: UserErrorCode.NOT_FOUND, message: 'There is no such message.', field: ['input', 'id'] });
}
