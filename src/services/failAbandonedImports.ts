import { sql, type Kysely } from 'kysely';
import { failJob } from './failJob.ts';
import type { WorkerContext } from './workerContext.ts';

/** How long an upload may be without its process before nobody will go on with it. */
const patience = '1 minute';

/**
 * Ends uploads, and imports within a request, whose process has died. Their rest came once and will not come again by itself; a
 * file that was imported by the command keeps its job, because the same command goes on with it: it alone names its file.
 */
export async function failAbandonedImports(context: Pick<WorkerContext, 'em' | 'events'>): Promise<void> {
  const db: Kysely<any> = context.em().getKysely();
  const { rows } = await sql<{ id: string }>`
    select jobs.id from jobs
    join job_chunks on job_chunks.job_id = jobs.id
    where jobs.status = 'running' and jobs.job_type = 'import' and jobs.parameters ->> 'fileName' is null and ${isLeft}`.execute(db);
  for (const { id } of rows) {
    // Whoever has the file may have come back with it meanwhile.
    await failJob(context, id, 'The upload broke off: send the file again; the rows that were imported stay and are not doubled.', async (held) => {
      const { rows: left } = await sql`select from job_chunks where job_id = ${id}::uuid and ${isLeft} for update`.execute(held);
      return left.length > 0;
    });
  }
}

const isLeft = sql`job_chunks.state = 'running' and job_chunks.lease_until < clock_timestamp() - ${patience}::interval`;
