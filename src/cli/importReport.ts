import { once } from 'node:events';
import { type Kysely, sql } from 'kysely';
import { toGlobalId } from '../domain/globalId.ts';

const pageSize = 1000;

export interface ImportSummary {
  id: string;
  status: string;
  dryRun: boolean;
  totalTargets: number | null;
  failedCount: number;
  outcomes: { [outcome: string]: number };
}

interface Failure {
  ordinal: number;
  line: number;
  column: string | null;
  value: string | null;
  code: string;
  message: string;
}

export async function describeImport(db: Kysely<unknown>, jobId: string): Promise<ImportSummary> {
  const { rows } = await sql<ImportSummary>`
    select id, status, dry_run as "dryRun", total_targets as "totalTargets", failed_count as "failedCount", outcome_counts as outcomes
    from jobs where id = ${jobId}::uuid`.execute(db);
  return rows[0] as ImportSummary;
}

/** The outcomes and every failed row: as JSON, or as lines `file:line: reason` on standard error and a sentence. */
export async function writeReport(db: Kysely<unknown>, job: ImportSummary, path: string, json: boolean): Promise<void> {
  if (json) {
    const { id, status, ...rest } = job;
    const head = JSON.stringify({ id: toGlobalId('Job', id), status: status.toUpperCase(), ...rest, outcomes: upperCased(job.outcomes) });
    await write(process.stdout, `${head.slice(0, -1)},"failures":[`);
    let separator = '';
    for await (const { ordinal: _, ...failure } of failures(db, job.id)) {
      await write(process.stdout, `${separator}\n${JSON.stringify(failure)}`);
      separator = ',';
    }
    await write(process.stdout, ']}\n');
    return;
  }
  for await (const { line, message, value } of failures(db, job.id)) {
    await write(process.stderr, `${path}:${line}: ${message}${value ? ` (${JSON.stringify(value)})` : ''}\n`);
  }
  const counts = Object.entries(job.outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  await write(process.stdout, `${job.totalTargets ?? 0} rows${job.dryRun ? ' (dry run, nothing was written)' : ''}: ${counts.join(', ') || 'none'}.\n`);
}

async function* failures(db: Kysely<unknown>, jobId: string): AsyncGenerator<Failure> {
  for (let after = 0; ; ) {
    const { rows } = await sql<Failure>`
      select ordinal, line, column_name as "column", value, code, message from job_targets
      where job_id = ${jobId}::uuid and outcome = 'failed' and ordinal > ${after} order by ordinal limit ${pageSize}`.execute(db);
    yield* rows;
    after = rows.at(-1)?.ordinal ?? after;
    if (rows.length < pageSize) return;
  }
}

function upperCased(outcomes: ImportSummary['outcomes']): ImportSummary['outcomes'] {
  return Object.fromEntries(Object.entries(outcomes).map(([outcome, count]) => [outcome.toUpperCase(), count]));
}

async function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}
