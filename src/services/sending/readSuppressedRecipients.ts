import { sql, type Kysely } from 'kysely';
import type { Outreach } from '../../config/outreach.ts';
import type { Channel } from '../../domain/enums.ts';
import { readSuppressed } from '../suppression/excludeSuppressed.ts';
import { kindsInUse } from '../suppression/findSuppressed.ts';
import { draftSource } from './obstacles.ts';

/** uuids of the prospects of these drafts who must not be contacted. @throws {UserErrors} NOT_CONFIGURED */
export async function readSuppressedRecipients(db: Kysely<any>, outreach: Outreach, channel: Channel, draftIds: readonly string[]): Promise<string[]> {
  const kinds = await kindsInUse(db);
  if (kinds.size === 0) return [];
  const recipients = sql`prospects.id in (select p.id from ${draftSource[channel]} where d.id = any(${draftIds}::uuid[]))`;
  const found = await readSuppressed(db, outreach, recipients, kinds);
  return found.filter(({ match }) => match !== null).map(({ id }) => id);
}
