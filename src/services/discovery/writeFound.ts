import { type Kysely, sql } from 'kysely';
import type { DiscoveredProspect } from '../../discovery/adapter.ts';
import { TargetOutcome } from '../../domain/enums.ts';
import { isSchemaFailure } from '../../domain/databaseErrors.ts';
import type { RowsOfKey } from '../import/merge.ts';
import type { ImportedProspect } from '../import/row.ts';
import { RowError } from '../import/RowReader.ts';
import { insertProfiles, writeProspects } from '../import/writeProspects.ts';
import { excludeSuppressed } from '../suppression/excludeSuppressed.ts';
import type { WorkerContext } from '../workerContext.ts';
import type { DiscoveryJob, Settled } from './discoveryJob.ts';
import { type FoundRow, readFound } from './readFound.ts';

/**
 * Writes prospects that were found, `wanted` at most that the job does not have yet; what they are already is kept, and
 * what is empty filled. Who is suppressed stays so.
 */
export async function writeFound(
  db: Kysely<any>, { outreach }: WorkerContext, job: DiscoveryJob, found: readonly DiscoveredProspect[], wanted: number,
): Promise<Settled[]> {
  const now = new Date();
  const read = found.map((prospect) => ({ prospect, row: readOrFail(prospect, now) }));
  const earlier = await keysOfJob(db, job.id, read.flatMap(({ row }) => ('code' in row ? [] : [row.row.key])));
  const byKey = new Map<string, RowsOfKey>();
  const profiles: ImportedProspect[] = [];
  const settled: (Settled & { key?: string })[] = [];
  for (const { prospect, row } of read) {
    const value = prospect.profileUrl;
    if ('code' in row) {
      settled.push({ targetId: null, outcome: TargetOutcome.FAILED, code: row.code, message: row.message, value });
      continue;
    }
    const { key } = row.row;
    const known = byKey.get(key);
    if (known || earlier.has(key)) {
      known?.repeats.push(row.row);
      settled.push({ key, targetId: null, outcome: TargetOutcome.DUPLICATE, code: null, message: null, value });
    } else if (byKey.size < wanted) {
      byKey.set(key, { first: row.row, repeats: [] });
      settled.push({ key, targetId: null, outcome: TargetOutcome.CREATED, code: null, message: null, value });
    } else {
      break;
    }
    profiles.push(...row.profiles);
  }
  const merged = await writeProspects(db, byKey, { jobId: job.id, dryRun: false, manner: 'fill', discoveryQueryId: await queryId(db, job) });
  const problem = await writeProfiles(db, job, profiles);
  await excludeSuppressed(db, outreach, [...byKey.keys()], 'worker', (key) => merged.get(key)?.outcome === TargetOutcome.CREATED);
  const ids = await idsOf(db, settled.flatMap(({ key }) => key ?? []));
  return settled.map(({ key, ...target }): Settled => {
    if (key === undefined) return target;
    const outcome = target.outcome === TargetOutcome.DUPLICATE ? target.outcome : (merged.get(key)?.outcome ?? target.outcome);
    const written = { ...target, outcome, targetId: ids.get(key) ?? null };
    return problem === null ? written : { ...written, outcome: TargetOutcome.FAILED, code: 'PROFILES_NOT_WRITTEN', message: problem };
  });
}

function readOrFail(prospect: DiscoveredProspect, now: Date): FoundRow | RowError {
  try {
    return readFound(prospect, now);
  } catch (error) {
    if (error instanceof RowError) return error;
    throw error;
  }
}

/**
 * The website pipeline works without the social tables: then its prospects stay, and that their profiles are lost is said
 * with each of them. A search on a platform waits until its tables are mended.
 */
async function writeProfiles(db: Kysely<any>, job: DiscoveryJob, profiles: readonly ImportedProspect[]): Promise<string | null> {
  if (profiles.length === 0) return null;
  if (!job.targets) {
    await insertProfiles(db, profiles);
    return null;
  }
  await sql`savepoint profiles`.execute(db);
  try {
    await insertProfiles(db, profiles);
    return null;
  } catch (error) {
    if (!isSchemaFailure(error)) throw error;
    await sql`rollback to savepoint profiles`.execute(db);
    return `The prospect is kept, its profiles are not: ${(error as Error).message}.`;
  }
}

/** Null for a search that was deleted meanwhile. */
async function queryId(db: Kysely<any>, { discoveryQueryId }: DiscoveryJob): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`select id from discovery_queries where id = ${discoveryQueryId}::uuid`.execute(db);
  return rows[0]?.id ?? null;
}

/** Those of these keys that the job has found already. */
async function keysOfJob(db: Kysely<any>, jobId: string, keys: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    select p.canonical_key as key from prospects p join job_targets t on t.target_id = p.id and t.job_id = ${jobId}::uuid
    where p.canonical_key = any(${keys}::text[])`.execute(db);
  return new Set(rows.map(({ key }) => key));
}

async function idsOf(db: Kysely<any>, keys: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ key: string; id: string }>`
    select canonical_key as key, id from prospects where canonical_key = any(${keys}::text[])`.execute(db);
  return new Map(rows.map(({ key, id }) => [key, id]));
}
