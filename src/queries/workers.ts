import { sql, type Kysely } from 'kysely';

export interface WorkerRow {
  name: string;
  version: string;
  startedAt: string;
  seenAt: string;
  runningChunks: number;
}

/** Workers that have reported within the last minute, by the database's clock. */
export async function workers(db: Kysely<never>): Promise<WorkerRow[]> {
  const { rows } = await sql<WorkerRow>`
    select name, version, started_at as "startedAt", seen_at as "seenAt", running_chunks as "runningChunks"
    from workers where seen_at > now() - interval '1 minute' order by name, id`.execute(db);
  return rows;
}
