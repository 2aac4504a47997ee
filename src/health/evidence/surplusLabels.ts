import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Finding } from '../finding.ts';
import type { Places } from './places.ts';
import { countOf, type Question } from './question.ts';

/** Rows that hold a value of an enum which this version does not know, over every column that has the enum. */
export function surplusLabels({ kind, object = '', detail }: Finding, places: Places): Question | null {
  const labels = places.expected.enums[object];
  if (kind !== 'ENUM' || !labels || detail === undefined || labels.includes(detail) || !places.live.enums[object]?.includes(detail)) return null;
  const uses = usesOf(object, places);
  const [first] = uses;
  if (!first) return null;
  const label = escapeLiteral(detail);
  const counts = uses.map(({ table, column, isArray }) => {
    const value = `r.${escapeIdentifier(column)}::text${isArray ? '[]' : ''}`;
    const condition = isArray ? `${label} = any(${value})` : `${value} = ${label}`;
    return `select ${escapeLiteral(`${table}.${column}`)} as place, count(*) as n from ${places.sqlName(table)} r where ${condition}`;
  });
  return {
    table: first.table,
    sql: `select coalesce(sum(n), 0)::float8 as n, string_agg(place, ', ' order by n desc, place) filter (where n > 0) as example from (${counts.join(' union all ')}) c`,
    sampleSql: null,
    say: ({ n, example }) => `${countOf(n)} ${n === 1 ? 'holds' : 'hold'} it${example === null ? '' : `, in ${example}`}`,
  };
}

function usesOf(name: string, { live }: Places): { table: string; column: string; isArray: boolean }[] {
  return Object.entries(live.relations)
    .filter(([, { kind, parent }]) => 'rpm'.includes(kind) && parent === null)
    .flatMap(([table, { columns }]) =>
      Object.entries(columns)
        .filter(([, { type }]) => type === name || type === `${name}[]`)
        .map(([column, { type }]) => ({ table, column, isArray: type.endsWith('[]') })));
}
