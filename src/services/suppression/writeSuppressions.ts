import { type Kysely, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Outreach } from '../../config/outreach.ts';
import { suppressionHashes } from '../../domain/suppressionHash.ts';
import { excludeProspects } from './excludeProspects.ts';
import { prospectsOf, type SuppressedValue } from './suppressed.ts';

export interface NewSuppression {
  actor: string;
  /** one word without personal data, for activities and messages: `suppressed`, `unsubscribed`, `complained`, `erased` */
  cause: string;
  /** what people read in the list; the cause unless told */
  reason?: string;
}

/**
 * Suppresses values with effect at once, inside the caller's transaction, which has called `changeSuppressions` before:
 * every prospect that they name is excluded. What is suppressed already stays as it is, whichever key it was written with.
 *
 * @returns uuids of the suppressions, old or new, and of the prospects that were excluded by this call
 * @throws {UserErrors} NOT_CONFIGURED
 */
export async function writeSuppressions(
  db: Kysely<any>, { secretKeys }: Outreach, values: readonly SuppressedValue[], { actor, cause, reason = cause }: NewSuppression,
): Promise<{ ids: string[]; excluded: string[] }> {
  const ids: string[] = [];
  for (const { kind, value } of values) {
    const hashes = suppressionHashes(secretKeys, kind, value);
    const { rows } = await sql<{ id: string }>`
      with known as (
        select id from suppressions where kind = ${kind}::suppression_kind and hash = any(${hashes}::text[])
      ), added as (
        insert into suppressions (id, kind, hash, reason, created_by)
        select ${uuidv7()}::uuid, ${kind}::suppression_kind, ${hashes[0]}, ${reason}, ${actor} where not exists (select from known)
        returning id
      )
      select id from known union all select id from added limit 1`.execute(db);
    ids.push(rows[0]!.id);
  }
  return { ids, excluded: await excludeProspects(db, prospectsOf(values), { actor, reason: cause }) };
}
