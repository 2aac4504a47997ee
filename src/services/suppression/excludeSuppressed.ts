import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Outreach } from '../../config/outreach.ts';
import { SuppressionKind } from '../../domain/enums.ts';
import { hasSocialTables } from '../hasSocialTables.ts';
import { excludeProspects } from './excludeProspects.ts';
import { findSuppressed, kindsInUse, type SuppressionMatch } from './findSuppressed.ts';
import { ownHost } from './suppressed.ts';

/**
 * Excludes those of these prospects that are suppressed, whoever has just written them: nothing that comes in takes a
 * suppression back. Inside the caller's transaction, which has called `holdSuppressions` before it wrote.
 *
 * @param keys canonical keys of the prospects
 * @param isCreated whether this transaction made the prospect with that key
 * @throws {UserErrors} NOT_CONFIGURED
 */
export async function excludeSuppressed(
  db: Kysely<any>, outreach: Outreach, keys: readonly string[], actor: string, isCreated: (key: string) => boolean = () => false,
): Promise<void> {
  const kinds = await kindsInUse(db);
  if (kinds.size === 0) return;
  const candidates = await readSuppressed(db, outreach, sql`excluded_at is null and canonical_key = any(${keys}::text[])`, kinds);
  const suppressed = candidates.filter(({ match }) => match !== null);
  if (suppressed.length === 0) return;
  const idsOf = (rows: typeof suppressed) => rows.map(({ id }) => id);
  const created = new Set(idsOf(suppressed.filter(({ key }) => isCreated(key))));
  await excludeProspects(db, sql`id = any(${idsOf(suppressed)}::uuid[])`, { actor, reason: 'suppressed' }, created);
}

/** Prospects with what suppresses them, or null. @param selection over `prospects` */
export async function readSuppressed(
  db: Kysely<any>, outreach: Outreach, selection: RawBuilder<unknown>, kinds: ReadonlySet<SuppressionKind>,
): Promise<{ id: string; key: string; match: SuppressionMatch | null }[]> {
  // The tables of the social pipeline are only read where a handle is suppressed: the website's works without them.
  const own = kinds.has(SuppressionKind.HANDLE) && (await hasSocialTables(db))
    ? sql`array(select social_profiles.canonical_key from social_profiles where social_profiles.prospect_id = prospects.id) || canonical_key`
    : sql`array[canonical_key]`;
  const { rows } = await sql<{ id: string; key: string; email: string | null; keys: string[]; host: string | null }>`
    select id, canonical_key as key, email, ${own} as keys,
      case when source_platform = 'website' and canonical_key is distinct from email then ${ownHost} end as host
    from prospects where ${selection}`.execute(db);
  const matches = await findSuppressed(db, outreach, rows, kinds);
  return rows.map(({ id, key }, index) => ({ id, key, match: matches[index]! }));
}
