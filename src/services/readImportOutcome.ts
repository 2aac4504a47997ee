import type { EntityManager } from '@mikro-orm/postgresql';
import { type Kysely, sql } from 'kysely';

const pageSize = 1000;

export interface ImportOutcome {
  /** uuid of the job */
  id: string;
  status: string;
  dryRun: boolean;
  totalTargets: number | null;
  failedCount: number;
  outcomes: { [outcome: string]: number };
  /** read as they are asked for, in the file's order */
  failures: AsyncIterable<ImportFailure>;
}

export interface ImportFailure {
  line: number;
  column: string | null;
  value: string | null;
  code: string;
  message: string;
}

/** What became of an import, for whoever started it. */
export async function readImportOutcome(em: EntityManager, jobId: string): Promise<ImportOutcome> {
  const db = em.getKysely<unknown>();
  const { rows } = await sql<Omit<ImportOutcome, 'failures'>>`
    select id, status, dry_run as "dryRun", total_targets as "totalTargets", failed_count as "failedCount", outcome_counts as outcomes
    from jobs where id = ${jobId}::uuid`.execute(db);
  if (!rows[0]) throw new Error(`There is no job ${jobId}.`);
  return { ...rows[0], failures: readFailures(db, jobId) };
}

async function* readFailures(db: Kysely<unknown>, jobId: string): AsyncGenerator<ImportFailure> {
  for (let after = 0; ; ) {
    const { rows } = await sql<ImportFailure & { ordinal: number }>`
      select ordinal, line, column_name as "column", value, code, message from job_targets
      where job_id = ${jobId}::uuid and outcome = 'failed' and ordinal > ${after} order by ordinal limit ${pageSize}`.execute(db);
    for (const { ordinal, ...failure } of rows) {
      after = ordinal;
      yield failure;
    }
    if (rows.length < pageSize) return;
  }
}
