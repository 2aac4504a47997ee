import { escapeIdentifier } from 'pg';
import type { Finding } from '../finding.ts';
import type { Places } from './places.ts';
import { countOf, type Question } from './question.ts';

/** How far a sequence is behind its column, and the rows that hold numbers which it is still to give. */
export function sequenceDistance({ kind, detail, table = '', column = '', object = '' }: Finding, places: Places): Question | null {
  const { last = null, called = null, top = null } = places.live.counters[`${table}.${column}`] ?? {};
  const sequence = places.live.sequences[object];
  if (kind !== 'SEQUENCE' || detail !== 'behind' || !sequence || last === null || top === null || !places.has(table, [column])) return null;
  const step = BigInt(sequence.increment);
  const next = called ? BigInt(last) + step : BigInt(last);
  const distance = (step > 0n ? BigInt(top) - next : next - BigInt(top)) + 1n;
  return {
    table,
    sql: `select count(*)::float8 as n from ${places.sqlName(table)} r where r.${escapeIdentifier(column)} ${step > 0n ? '>=' : '<='} ${next}`,
    sampleSql: null,
    say: ({ n }) => `${countOf(n)} ${n === 1 ? 'holds a number' : 'hold numbers'} that it is still to give; it is ${distance} behind ${top}`,
  };
}
