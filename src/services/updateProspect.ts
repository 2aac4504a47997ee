import { type Kysely, sql } from 'kysely';
import { UserErrorCode, UserErrors } from '../domain/errors.ts';
import { toGlobalId } from '../domain/globalId.ts';
import type { ServiceContext } from './context.ts';
import { conflict, type ProspectChange } from './createProspect.ts';
import { readdressDrafts } from './drafts/readdressDrafts.ts';
import { insertProfiles } from './import/writeProspects.ts';
import { inTransaction } from './inTransaction.ts';
import { readProspectInput } from './prospectInput.ts';
import { recordActivity } from './recordActivity.ts';
import { excludeSuppressed } from './suppression/excludeSuppressed.ts';
import { holdSuppressions } from './suppression/holdSuppressions.ts';
import { touched } from './touched.ts';

/** What is absent stays; null clears. */
export interface UpdateProspect {
  /** uuid */
  prospectId: string;
  /** as it was read */
  updatedAt: Date;
  displayName?: string | null;
  profileUrl?: string | null;
  username?: string | null;
  email?: string | null;
  bioText?: string | null;
  tags?: string[] | null;
}

type Editable = Required<Omit<UpdateProspect, 'prospectId' | 'updatedAt'>>;

/** @throws {UserErrors} NOT_FOUND, STALE, INVALID */
export async function updateProspect({ em, actor, outreach }: ServiceContext, input: UpdateProspect): Promise<ProspectChange> {
  const { prospectId, updatedAt, ...edits } = input;
  return inTransaction(em, async (tx) => {
    const db = tx.getKysely<unknown>();
    await holdSuppressions(db);
    const { sourceType, sourcePlatform, ...stored } = await lock(db, prospectId, updatedAt);
    const given = Object.fromEntries(Object.entries(edits).filter(([, value]) => value !== undefined));
    const edited: Editable = { ...stored, ...given };
    checkEssentials(edited);
    const row = readProspectInput({ sourceType, sourcePlatform, ...edited });
    const other = await sql<{ id: string }>`select id from prospects
      where canonical_key = ${row.key} and id <> ${prospectId}::uuid`.execute(db);
    if (other.rows[0]) return conflict(other.rows[0].id);
    await sql`
      update prospects set ${touched()}, canonical_key = ${row.key}, display_name = ${row.displayName}, username = ${row.username},
        profile_url = ${edited.profileUrl === null ? null : row.profileUrl}, email = ${row.email},
        email_blocked = email_blocked and email is not distinct from ${row.email},
        email_bounced = email_bounced and email is not distinct from ${row.email}, bio_text = ${row.bioText},
        tags = ${row.tags}::text[]
      where id = ${prospectId}::uuid`.execute(db);
    await insertProfiles(db, [row]);
    await recordActivity(db, { actor: actor.name, action: 'prospect.updated', subjectType: 'Prospect', subjectId: prospectId });
    if (row.email !== stored.email) await readdressDrafts(db, prospectId, actor.name);
    await excludeSuppressed(db, outreach, [row.key], actor.name);
    return { prospectId, userErrors: [] };
  });
}

async function lock(db: Kysely<unknown>, prospectId: string, updatedAt: Date): Promise<Editable & { sourceType: string; sourcePlatform: string }> {
  const { rows } = await sql<Editable & { sourceType: string; sourcePlatform: string; isCurrent: boolean; isErased: boolean }>`
    select display_name as "displayName", profile_url as "profileUrl", username, email, bio_text as "bioText", tags,
      source_type as "sourceType", source_platform as "sourcePlatform", erased_at is not null as "isErased",
      updated_at = ${updatedAt.toISOString()}::timestamptz as "isCurrent"
    from prospects where id = ${prospectId}::uuid for update`.execute(db);
  if (!rows[0]) throw new UserErrors({ code: UserErrorCode.NOT_FOUND, message: 'There is no such prospect.', field: ['input', 'id'] });
  const { isCurrent, isErased, ...stored } = rows[0];
  if (isErased) throw new UserErrors({ code: UserErrorCode.FORBIDDEN, message: 'This person was erased: nothing is kept of them any more.', field: ['input', 'id'] });
  if (!isCurrent) {
    throw new UserErrors({
      code: UserErrorCode.STALE,
      message: 'The prospect has changed since it was read: look at it again, then change it.',
      field: ['input', 'updatedAt'],
      target: toGlobalId('Prospect', prospectId),
    });
  }
  return stored;
}

function checkEssentials({ displayName, profileUrl, email }: Editable): void {
  const invalid = (message: string, field: string) => new UserErrors({ code: UserErrorCode.INVALID, message, field: ['input', field] });
  if (!displayName?.trim()) throw invalid('A prospect needs a display name.', 'displayName');
  if (!profileUrl?.trim() && !email?.trim()) throw invalid('A prospect needs a profile URL or an e-mail address.', 'profileUrl');
}
