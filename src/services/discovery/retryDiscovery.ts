import { type Kysely, sql } from 'kysely';
import { type DiscoveryParameters, insertDiscovery, type NewDiscovery } from './insertDiscovery.ts';

export interface RetriedDiscovery extends Pick<NewDiscovery, 'id' | 'createdBy' | 'parameters'> {
  /** the finished job */
  retryOf: { id: string; attempt: number };
  codes: readonly string[] | null;
}

/**
 * The job that tries the failures of a discovery again, inside the caller's transaction: the targets that failed, or a
 * platform's pages from the one on that failed. @returns how many failures there are; without one nothing is written
 */
export async function retryDiscovery(db: Kysely<any>, { parameters, codes, ...job }: RetriedDiscovery): Promise<number> {
  const ofCodes = codes ? sql`and code = any(${codes}::text[])` : sql``;
  const { rows } = await sql<{ ordinal: number }>`
    select ordinal from job_targets where job_id = ${job.retryOf.id}::uuid and outcome = 'failed' ${ofCodes} order by ordinal`.execute(db);
  if (rows.length === 0) return 0;
  const { targets } = parameters;
  if (targets) {
    const failed = rows.flatMap(({ ordinal }) => targets[ordinal - 1] ?? []);
    await insertDiscovery(db, { ...job, parameters: { ...parameters, targets: failed, limit: failed.length } });
  } else {
    const { cursor, left } = await readPlace(db, job.retryOf.id, parameters);
    await insertDiscovery(db, { ...job, cursor, parameters: { ...parameters, limit: left } });
  }
  return rows.length;
}

async function readPlace(db: Kysely<any>, jobId: string, { limit }: DiscoveryParameters): Promise<{ cursor: string | null; left: number }> {
  const { rows } = await sql<{ cursor: string | null; found: number }>`
    select cursor, profiles_found as found from social_discovery_jobs where job_id = ${jobId}::uuid`.execute(db);
  return { cursor: rows[0]?.cursor ?? null, left: Math.max(1, limit - (rows[0]?.found ?? 0)) };
}
