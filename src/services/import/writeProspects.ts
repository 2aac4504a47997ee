import { type Kysely, sql } from 'kysely';
import { newId } from '../../domain/newId.ts';
import { OutriderError } from '../../domain/errors.ts';
import { type Manner, merge, type Merged, type RowsOfKey, type StoredProspect } from './merge.ts';
import type { ImportedProspect } from './row.ts';
import { touched } from '../touched.ts';

/** How often rows that somebody else writes at the same moment are read again. */
const rounds = 20;

interface Existing {
  id: string;
  updatedAt: string;
  prospect: StoredProspect;
}

/**
 * Merges rows into prospects inside the caller's transaction, with a handful of statements
 * whatever their number; a prospect that stays as it is is not written. With `dryRun` nothing is.
 * @param options `manner`: what a discovery found only fills; `discoveryQueryId`: stands with the prospects that are new
 * @returns what became of each key
 */
export async function writeProspects(
  transaction: Kysely<unknown>,
  rows: ReadonlyMap<string, RowsOfKey>,
  { jobId, dryRun, manner, discoveryQueryId = null }: { jobId: string; dryRun: boolean; manner?: Manner; discoveryQueryId?: string | null },
): Promise<Map<string, Merged>> {
  const merged = new Map<string, Merged>();
  let open = [...rows.keys()];
  // Another writer may come in between reading and writing: then its rows are read again.
  for (let round = 1; open.length > 0; round += 1) {
    if (round > rounds) throw new OutriderError('DATA_INTEGRITY', 'Prospects that were written are not there: something swallows the writes.');
    const existing = await readExisting(transaction, open);
    for (const key of open) merged.set(key, merge(existing.get(key)?.prospect ?? null, rows.get(key) as RowsOfKey, manner));
    if (dryRun) break;
    const created = open.filter((key) => !existing.has(key));
    // Made in the file's order, which is that of the default list.
    const ids = new Map(created.map((key) => [key, newId()]));
    const updated = open.filter((key) => existing.has(key) && merged.get(key)?.changed);
    const written = new Set([
      ...(await insertProspects(transaction, created.map((key) => ({ id: ids.get(key), ...(merged.get(key) as Merged).prospect, discoveryQueryId })), jobId)),
      ...(await update(transaction, updated.map((key) => ({ ...(existing.get(key) as Existing), prospect: (merged.get(key) as Merged).prospect })), jobId)),
    ]);
    open = [...created, ...updated].filter((key) => !written.has(key));
  }
  return merged;
}

async function readExisting(transaction: Kysely<unknown>, keys: string[]): Promise<Map<string, Existing>> {
  const { rows } = await sql<Existing & { key: string }>`
    select canonical_key as key, id, updated_at::text as "updatedAt", json_build_object(
      'key', canonical_key, 'sourceType', source_type, 'sourcePlatform', source_platform, 'profileUrl', profile_url,
      'username', username, 'displayName', display_name, 'email', email, 'emailBlocked', email_blocked, 'emailBounced', email_bounced, 'bioText', bio_text,
      'followerCount', follower_count, 'engagementRate', engagement_rate,
      'scrapedAt', to_char(scraped_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'externalLinks', external_links, 'tags', tags, 'discoveryQueryId', discovery_query_id) as prospect
    from prospects where canonical_key = any(${keys}::text[])`.execute(transaction);
  return new Map(rows.map((row) => [row.key, row]));
}

const columns = sql.raw(`"key" text, "sourceType" source_type, "sourcePlatform" platform, "profileUrl" text, "username" text,
  "displayName" text, "email" text, "emailBlocked" boolean, "bioText" text, "followerCount" int, "engagementRate" numeric, "scrapedAt" timestamptz,
  "externalLinks" jsonb, "tags" text[]`);

/** @returns the keys that were inserted: not those that are there already */
export async function insertProspects(transaction: Kysely<unknown>, prospects: (StoredProspect & { id?: string })[], jobId: string | null): Promise<string[]> {
  if (prospects.length === 0) return [];
  const input = JSON.stringify(prospects);
  const { rows } = await sql<{ key: string }>`
    insert into prospects (id, canonical_key, source_type, source_platform, profile_url, username, display_name, email,
      email_blocked, bio_text, follower_count, engagement_rate, scraped_at, external_links, tags, source_job_id, discovery_query_id)
    select id, "key", "sourceType", "sourcePlatform", "profileUrl", "username", "displayName", "email",
      "emailBlocked", "bioText", "followerCount", "engagementRate", "scrapedAt", "externalLinks", "tags", ${jobId}::uuid, "discoveryQueryId"
    from json_to_recordset(${input}::json) as input (id uuid, "discoveryQueryId" uuid, ${columns})
    order by "key" -- so that two imports wait for each other and do not deadlock
    on conflict (canonical_key) do nothing
    returning canonical_key as key`.execute(transaction);
  return rows.map(({ key }) => key);
}

/** @returns the keys that were updated: not those that somebody else has changed meanwhile */
async function update(transaction: Kysely<unknown>, changed: Existing[], jobId: string): Promise<string[]> {
  if (changed.length === 0) return [];
  const input = JSON.stringify(changed.map(({ id, updatedAt, prospect }) => ({ id, updatedAt, ...prospect })));
  const { rows } = await sql<{ key: string }>`
    update prospects set ${touched()}, source_type = "sourceType", source_platform = "sourcePlatform", profile_url = "profileUrl",
      username = input."username", display_name = "displayName", email = input."email",
      email_blocked = "emailBlocked", email_bounced = email_bounced and prospects.email is not distinct from input."email", bio_text = "bioText",
      follower_count = "followerCount", engagement_rate = "engagementRate", scraped_at = "scrapedAt",
      external_links = "externalLinks", tags = input."tags", source_job_id = ${jobId}::uuid
    from json_to_recordset(${input}::json) as input (id uuid, "updatedAt" timestamptz, ${columns})
    where prospects.id = input.id and prospects.updated_at = input."updatedAt"
    returning canonical_key as key`.execute(transaction);
  return rows.map(({ key }) => key);
}

/** A handle belongs to the first prospect that names it. */
export async function insertProfiles(transaction: Kysely<unknown>, rows: readonly ImportedProspect[]): Promise<void> {
  const profiles = new Map<string, object>();
  for (const row of rows) {
    if (row.profile && !profiles.has(row.profile.key)) profiles.set(row.profile.key, profileRecord(row, row.profile));
  }
  if (profiles.size === 0) return;
  await sql`
    insert into social_profiles (id, prospect_id, canonical_key, platform, username, display_name, profile_url, bio_text,
      external_links, follower_count, engagement_rate, scraped_at)
    select input.id, prospects.id, input."key", input."sourcePlatform", input."username", input."displayName", input."profileUrl",
      input."bioText", input."externalLinks", input."followerCount", input."engagementRate", input."scrapedAt"
    from json_to_recordset(${JSON.stringify([...profiles.values()])}::json) as input (id uuid, "prospectKey" text, ${columns})
    join prospects on prospects.canonical_key = input."prospectKey"
    order by input."key"
    for key share of prospects -- one that is deleted meanwhile is left out
    on conflict (canonical_key) do nothing`.execute(transaction);
}

function profileRecord({ profile: _, ...row }: ImportedProspect, { key, platform, username, profileUrl }: NonNullable<ImportedProspect['profile']>): object {
  return { ...row, id: newId(), prospectKey: row.key, key, sourcePlatform: platform, username, profileUrl };
}
