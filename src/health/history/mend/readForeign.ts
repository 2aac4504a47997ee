import { escapeIdentifier } from 'pg';
import { withOwner } from './runPlan.ts';

/** The rows that another tool's history holds, 100 at most. */
export interface ForeignRows {
  table: string;
  rows: Record<string, unknown>[];
}

export async function readForeignHistories(ownerUrl: string, tables: readonly string[]): Promise<ForeignRows[]> {
  if (tables.length === 0) return [];
  return withOwner(ownerUrl, async (client) => {
    const found: ForeignRows[] = [];
    for (const table of tables) {
      const there = await client.query('select to_regclass($1) is not null as found', [escapeIdentifier(table)]);
      if (!there.rows[0]?.found) continue;
      const { rows } = await client.query<{ row: Record<string, unknown> }>(`select to_jsonb(m) as row from ${escapeIdentifier(table)} m limit 100`);
      found.push({ table, rows: rows.map(({ row }) => row) });
    }
    return found;
  });
}
