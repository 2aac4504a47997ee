import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Index } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import type { Places } from './places.ts';
import { countOf, type Question } from './question.ts';

/** Values that occur more than once, where a primary or unique key is missing, another one, or its index INVALID. */
export function duplicates({ kind, table = '', object = '' }: Finding, places: Places): Question | null {
  if (kind !== 'PRIMARY_KEY' && kind !== 'UNIQUE' && kind !== 'INVALID_INDEX') return null;
  const index = places.index(table, object);
  if (!index?.unique || !places.has(table, [])) return null;
  const columns = places.live.relations[table]?.columns ?? {};
  const values = index.keys.map(({ of }) => (columns[of] ? `r.${escapeIdentifier(of)}` : `(${of})`));
  const key = places.keyOf(table);
  return {
    table,
    sql: `select count(*)::float8 as n, sum(rows)::float8 as other, min(example) as example from (
      select count(*) as rows, ${key === null ? 'null' : `min(${key.sql})`} as example from ${places.sqlName(table)} r
      where ${[...conditions(index, values)].join(' and ') || 'true'} group by ${values.join(', ')} having count(*) > 1) d`,
    sampleSql: index.keys.length === 1 && index.predicate === null ? () => fromStatistics(places.sqlName(table), index.keys[0]?.of ?? '') : null,
    say: ({ n, other, example, sample }) => {
      if (sample !== null) return n < sample.total / 100 ? null : `about ${countOf(n)} share a value with another one, by PostgreSQL's statistics`;
      if (n === 0) return 'no value occurs twice';
      const such = example === null || key === null ? '' : `, such as that of ${key.name} ${example}`;
      return `${countOf(n, 'value')} ${n === 1 ? 'occurs' : 'occur'} more than once, in ${countOf(other ?? 0)}${such}`;
    },
  };
}

/** Which rows the key compares. */
function* conditions({ predicate, nullsNotDistinct, primary }: Index, values: readonly string[]): Generator<string> {
  if (predicate !== null) yield `(${predicate})`;
  if (!nullsNotDistinct || primary) yield* values.map((value) => `${value} is not null`);
}

/** A sample of blocks hardly ever holds both rows; what ANALYZE saw of the whole table says more. */
function fromStatistics(table: string, column: string): string {
  return `select c.reltuples::float8 as read, (c.reltuples - case when s.n_distinct < 0 then -s.n_distinct * c.reltuples else s.n_distinct end)::float8 as n, null as example
    from pg_class c join pg_namespace p on p.oid = c.relnamespace
      join pg_stats s on s.schemaname = p.nspname and s.tablename = c.relname and s.attname = ${escapeLiteral(column)}
    where c.oid = ${escapeLiteral(table)}::regclass and c.reltuples > 0`;
}
