import { query } from './database.ts';

/** The columns of a table that can be written, as a list for SQL. */
export async function writableColumns(url: string, table: string): Promise<string> {
  const [row] = await query<{ columns: string }>(
    url,
    `select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [table],
  );
  if (!row) throw new Error(`There is no table ${table}.`);
  return row.columns;
}

export async function countRows(url: string, table: string): Promise<number> {
  const [row] = await query<{ count: string }>(url, `select count(*) from ${table}`);
  return Number(row?.count);
}
