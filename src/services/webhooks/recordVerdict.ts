import type { EntityManager } from '@mikro-orm/postgresql';
import { type Kysely, sql } from 'kysely';
import { NIL } from 'uuid';
import { recordActivity } from '../recordActivity.ts';
import { recordEvent } from './recordEvent.ts';

export interface Verdict {
  isBroken: boolean;
  /** what is missing, such as "jobs.drafts_created" */
  missing: readonly string[];
}

/**
 * Writes down that the schema broke, or is whole again, and tells webhooks of the former. Every process that looks may
 * call it: only a verdict other than the last one that was written down counts.
 */
export async function recordVerdict(em: EntityManager, { isBroken, missing }: Verdict): Promise<void> {
  await em.transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    await sql`select pg_advisory_xact_lock(hashtextextended('schema verdict', 0))`.execute(db);
    const { rows } = await sql<{ action: string }>`
      select action from activities where subject_type = 'Schema' and subject_id = ${NIL}::uuid
      order by created_at desc, id desc limit 1`.execute(db);
    const wasBroken = rows[0]?.action === 'schema.broken';
    if (wasBroken === isBroken) return;
    await recordActivity(db, {
      actor: 'schema health', action: isBroken ? 'schema.broken' : 'schema.mended', subjectType: 'Schema', subjectId: NIL, details: { missing },
    });
    if (isBroken) await recordEvent(db, { event: 'schema.broken', payload: { status: 'BROKEN', missing } });
  });
}
