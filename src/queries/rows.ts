import { sql, type Kysely } from 'kysely';
import { selectList, toRow, type Row } from './list.ts';
import type { ReadModel } from './readModel.ts';

/** The rows with these keys, null where there is none, in their order: one statement. */
export async function rowsByKey(db: Kysely<never>, model: ReadModel, keys: readonly string[], fields: readonly string[]): Promise<(Row | null)[]> {
  const parts = model.sources.map(
    (source) => sql`select ${selectList(source, fields)} from ${sql.raw(source.from)} where t.id = any(${keys}::uuid[])`,
  );
  const { rows } = await sql<{ $key: string }>`${sql.join(parts, sql` union all `)}`.execute(db);
  const found = new Map(rows.map((row) => [row.$key, toRow(model, row)]));
  return keys.map((key) => found.get(key) ?? null);
}
