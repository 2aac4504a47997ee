import { sql, type Kysely } from 'kysely';

export interface WorkerReport {
  id: string;
  name: string;
  version: string;
  runningChunks: number;
}

/** Says that a worker is alive, and forgets those that have said nothing for an hour. */
export async function reportWorker(db: Kysely<any>, { id, name, version, runningChunks }: WorkerReport): Promise<void> {
  await sql`
    with gone as (delete from workers where seen_at < now() - interval '1 hour')
    insert into workers (id, name, version, running_chunks)
    values (${id}::uuid, ${name}, ${version}, ${runningChunks})
    on conflict (id) do update set seen_at = now(), running_chunks = excluded.running_chunks`.execute(db);
}

/** A worker that ends in good order leaves the list at once. */
export async function removeWorker(db: Kysely<any>, id: string): Promise<void> {
  await sql`delete from workers where id = ${id}::uuid`.execute(db);
}
