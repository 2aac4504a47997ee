import { sql, type Kysely } from 'kysely';
import { readRows } from '../database/readRows.ts';
import { selectList, toRow, type Row } from './list.ts';
import type { ReadModel, Source } from './readModel.ts';

/** The rows with these keys, null where there is none, in their order: one statement. */
export async function rowsByKey(db: Kysely<never>, model: ReadModel, keys: readonly string[], fields: readonly string[]): Promise<(Row | null)[]> {
  const { sources } = model;
  try {
    return await rowsOf(db, model, sources, keys, fields);
  } catch (error) {
    if (sources.length === 1) throw error;
    // One of the tables may be broken; rows that the others have are there all the same, but none may be called missing.
    const answers = await Promise.all(sources.map((source) => rowsOf(db, model, [source], keys, fields).catch(() => [])));
    const rows = keys.map((_, place) => answers.map((found) => found[place]).find((row) => row != null));
    if (!rows.every((row) => row !== undefined)) throw error;
    return rows;
  }
}

async function rowsOf(
  db: Kysely<never>, model: ReadModel, sources: readonly Source[], keys: readonly string[], fields: readonly string[],
): Promise<(Row | null)[]> {
  const parts = sources.map(
    (source) => sql`select ${selectList(source, fields)} from ${sql.raw(source.from)} where t.id = any(${keys}::uuid[])`,
  );
  const rows = await readRows(db, sql<{ $key: string }>`${sql.join(parts, sql` union all `)}`);
  const found = new Map(rows.map((row) => [row.$key, toRow(model, row)]));
  return keys.map((key) => found.get(key) ?? null);
}
