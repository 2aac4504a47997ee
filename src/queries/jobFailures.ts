import { sql, type Kysely } from 'kysely';
import type { JobTarget } from '../entities/JobTarget.ts';
import { readRows } from '../database/readRows.ts';
import { selectList, toRow, type Row } from './list.ts';
import { expression, properties, type ReadModel } from './readModel.ts';

const table = 'job_targets';

/** Failed targets; they have no id of their own, so that the key is the job's and the ordinal. */
export const jobFailures: ReadModel<'ORDINAL'> = {
  type: 'JobFailure',
  sources: [
    {
      table,
      from: 'job_targets t',
      key: `t.job_id || '.' || t.ordinal`,
      fields: {
        ...properties<JobTarget>(table, 'line', 'value', 'attempts'),
        column: expression(table, 't.column_name', 'column_name'),
        code: expression(table, `coalesce(t.code, 'UNKNOWN')`, 'code'),
        message: expression(table, `coalesce(t.message, '')`, 'message'),
        target: expression(table, 't.target_id', 'target_id'),
      },
    },
  ],
  orders: { ORDINAL: { sql: 't.ordinal', type: 'integer', columns: ['ordinal'] } },
};

/** Failures by their keys `job.ordinal`, null where there is none. */
export async function failuresByKey(db: Kysely<never>, keys: readonly string[], fields: readonly string[]): Promise<(Row | null)[]> {
  const parts = keys.map((key) => key.split('.') as [string, string]);
  const [source] = jobFailures.sources;
  const rows = await readRows(db, sql<{ $key: string }>`
    select ${selectList(source!, fields)}
    from unnest(${parts.map(([job]) => job)}::uuid[], ${parts.map(([, ordinal]) => Number(ordinal))}::int[]) wanted (job_id, ordinal)
    join job_targets t on t.job_id = wanted.job_id and t.ordinal = wanted.ordinal and t.outcome = 'failed'`);
  const found = new Map(rows.map((row) => [row.$key, toRow(jobFailures, row)]));
  return keys.map((key) => found.get(key) ?? null);
}
