import { escapeLiteral } from 'pg';
import type { Finding } from '../finding.ts';
import type { Places } from './places.ts';
import { countOf, type Question } from './question.ts';

/** How many rows the role sees of those that PostgreSQL estimates, where row security hides some from it. */
export function hiddenRows({ kind, table = '' }: Finding, places: Places): Question | null {
  if (kind !== 'ROW_SECURITY' || !places.has(table, [])) return null;
  const from = places.sqlName(table);
  return {
    table,
    sql: `select (select count(*) from ${from})::float8 as n, (select reltuples from pg_class where oid = ${escapeLiteral(from)}::regclass)::float8 as other, null as example`,
    sampleSql: null,
    say: ({ n, other }) => {
      const visible = `${countOf(n)} can be seen by ${places.live.database.user}`;
      return other === null || other < 0 ? visible : `${visible}, of about ${countOf(other)} by PostgreSQL's own estimate`;
    },
  };
}
