import { sql, type Kysely } from 'kysely';
import { Channel } from '../../domain/enums.ts';
import { isSchemaFailure } from '../databaseFailure.ts';

export interface DraftRef {
  /** uuid */
  id: string;
  channel: Channel;
}

/**
 * On which channels these drafts are, which never changes; those that do not exist are missing from the answer. Outside a
 * transaction: where one channel's table is broken, drafts of the other are found all the same.
 */
export async function findDrafts(db: Kysely<any>, ids: readonly string[]): Promise<DraftRef[]> {
  const find = async (channel: Channel, table: string, wanted: readonly string[]): Promise<DraftRef[]> => {
    const { rows } = await sql<{ id: string }>`select id from ${sql.table(table)} where id = any(${wanted}::uuid[])`.execute(db);
    return rows.map(({ id }) => ({ id, channel }));
  };
  let failure: unknown;
  const email = await find(Channel.EMAIL, 'email_drafts', ids).catch((error: unknown) => {
    if (!isSchemaFailure(error)) throw error;
    failure = error;
    return [];
  });
  const known = new Set(email.map(({ id }) => id));
  const rest = ids.filter((id) => !known.has(id));
  const social = rest.length > 0 ? await find(Channel.SOCIAL, 'social_drafts', rest) : [];
  if (failure && social.length < new Set(rest).size) throw failure;
  return [...email, ...social];
}
