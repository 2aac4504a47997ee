import { sql, type Kysely } from 'kysely';
import { Channel } from '../../domain/enums.ts';

export interface DraftRef {
  /** uuid */
  id: string;
  channel: Channel;
}

/**
 * On which channels these drafts are, which never changes; those that do not exist are missing from the answer. The social
 * channel is only asked for what the e-mail channel does not have: without its tables the other works.
 */
export async function findDrafts(db: Kysely<any>, ids: readonly string[]): Promise<DraftRef[]> {
  const find = async (channel: Channel, table: string, wanted: readonly string[]): Promise<DraftRef[]> => {
    if (wanted.length === 0) return [];
    const { rows } = await sql<{ id: string }>`select id from ${sql.table(table)} where id = any(${wanted}::uuid[])`.execute(db);
    return rows.map(({ id }) => ({ id, channel }));
  };
  const email = await find(Channel.EMAIL, 'email_drafts', ids);
  const known = new Set(email.map(({ id }) => id));
  return [...email, ...(await find(Channel.SOCIAL, 'social_drafts', ids.filter((id) => !known.has(id))))];
}
