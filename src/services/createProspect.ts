import { type Kysely, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Platform, SourceType } from '../domain/enums.ts';
import { type UserError, UserErrorCode } from '../domain/errors.ts';
import { toGlobalId } from '../domain/globalId.ts';
import type { ServiceContext } from './context.ts';
import { insertProfiles, insertProspects } from './import/writeProspects.ts';
import { inTransaction } from './inTransaction.ts';
import { readProspectInput } from './prospectInput.ts';
import { recordActivity } from './recordActivity.ts';
import { excludeSuppressed } from './suppression/excludeSuppressed.ts';
import { holdSuppressions } from './suppression/holdSuppressions.ts';

export interface CreateProspect {
  sourceType: SourceType;
  sourcePlatform: Platform;
  profileUrl?: string | null;
  username?: string | null;
  displayName: string;
  email?: string | null;
  bioText?: string | null;
  tags?: string[] | null;
}

export interface ProspectChange {
  /** uuid of the prospect that was written; on CONFLICT of the one that has this canonical key already */
  prospectId: string;
  userErrors: UserError[];
}

/** @throws {UserErrors} INVALID */
export async function createProspect({ em, actor, outreach }: ServiceContext, input: CreateProspect): Promise<ProspectChange> {
  const row = readProspectInput({ ...input });
  const { profile: _, ...prospect } = row;
  const { sourceType, sourcePlatform } = input;
  return inTransaction(em, async (tx) => {
    const db = tx.getKysely<unknown>();
    await holdSuppressions(db);
    const id = uuidv7();
    const inserted = await insertProspects(db, [{ ...prospect, id, sourceType, sourcePlatform }], null);
    if (inserted.length === 0) return conflict(await prospectWithKey(db, row.key));
    await insertProfiles(db, [row]);
    await recordActivity(db, { actor: actor.name, action: 'prospect.created', subjectType: 'Prospect', subjectId: id });
    await excludeSuppressed(db, outreach, [row.key], actor.name, () => true);
    return { prospectId: id, userErrors: [] };
  });
}

async function prospectWithKey(db: Kysely<unknown>, key: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`select id from prospects where canonical_key = ${key}`.execute(db);
  if (!rows[0]) throw new Error('The prospect that has this key was deleted at the same moment.');
  return rows[0].id;
}

export function conflict(prospectId: string): ProspectChange {
  const message = 'There is a prospect with this address already.';
  return { prospectId, userErrors: [{ code: UserErrorCode.CONFLICT, message, field: ['input'], target: toGlobalId('Prospect', prospectId) }] };
}
