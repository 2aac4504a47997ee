import { type Kysely, sql } from 'kysely';
import { SuppressionKind } from '../../domain/enums.ts';
import type { ServiceContext } from '../context.ts';
import { retryTransient } from '../retryTransient.ts';
import { excludeProspects } from './excludeProspects.ts';
import { findSuppressed } from './findSuppressed.ts';
import { changeSuppressions } from './holdSuppressions.ts';
import { writeSuppressions } from './writeSuppressions.ts';

const change = { actor: 'recipient', cause: 'unsubscribed' };

/**
 * Whoever got this message gets no other: the address that it went to is suppressed, and its prospect excluded, whatever
 * address that has by now. Twice is once. Of an erased person both has happened already.
 *
 * @param messageId uuid
 * @returns false when there is no such message
 */
export async function unsubscribe({ em, outreach }: Omit<ServiceContext, 'actor'>, messageId: string): Promise<boolean> {
  return retryTransient(() => em.transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    const { rows } = await sql<{ recipient: string; prospectId: string; excluded: boolean }>`
      select message.recipient, message.prospect_id as "prospectId", prospect.excluded_at is not null as excluded
      from email_messages as message join prospects as prospect on prospect.id = message.prospect_id
      where message.id = ${messageId}::uuid`.execute(db);
    const [message] = rows;
    if (!message) return false;
    const email = message.recipient || null;
    const [known] = await findSuppressed(db, outreach, [{ email }]);
    // Whoever clicks again, and again, costs no lock.
    if (message.excluded && (email === null || known?.kind === SuppressionKind.EMAIL)) return true;
    await changeSuppressions(db);
    await writeSuppressions(db, outreach, email === null ? [] : [{ kind: SuppressionKind.EMAIL, value: email }], change);
    await excludeProspects(db, sql`id = ${message.prospectId}::uuid`, { actor: change.actor, reason: change.cause });
    return true;
  }));
}
