import type { Finding } from '../finding.ts';
import type { LiveCatalog, Publication } from '../liveCatalog.ts';
import { extraTable } from './extraTable.ts';

/** What is not ours, wherever it stands, and reaches into our tables: heirs, foreign keys and publications. */
export function compareStrangers({ heirs, holders, publications }: LiveCatalog): Finding[] {
  return [
    ...Object.entries(heirs).map(([table, parents]) => extraTable(table, 'r', parents)),
    ...holders.map(({ table, by, constraint }): Finding => ({
      kind: 'FOREIGN_KEY',
      table,
      object: constraint,
      detail: by,
      effect: 'LATENT',
      sqlState: '23503',
      actual: `${by} refers to ${table}`,
      message: `The foreign key ${constraint} of ${by}, which is not ours, keeps every row of ${table} to which it refers: to delete one fails. Ask who made it; "on delete cascade" or "on delete set null" would let it go.`,
    })),
    ...publications.map(published),
  ];
}

const reasons = {
  identity: 'has nothing by which a subscriber knows its rows again (no replica identity)',
  columns: 'is published without some of the columns by which a subscriber knows its rows again (its replica identity)',
  condition: 'is published by a condition on columns other than those by which a subscriber knows its rows again (its replica identity)',
};

function published({ table, publication, updates, deletes, lacks }: Publication): Finding {
  const refused = [updates && 'UPDATE', deletes && 'DELETE'].filter((right) => right !== false);
  return {
    kind: 'PRIVILEGE',
    table,
    object: publication,
    detail: 'publication',
    effect: 'WRITE_FAILS',
    sqlState: lacks === 'identity' ? '55000' : '42P10',
    actual: `published by ${publication}`,
    rights: updates ? [...refused, 'CONFLICT'] : refused,
    message: `PostgreSQL refuses every ${refused.join(' and ')} on ${table}: the publication ${publication} sends them to subscribers, and the table ${reasons[lacks]}. ${lacks === 'identity' ? 'Give it one, or take it' : 'Take the table'} out of the publication.`,
  };
}
