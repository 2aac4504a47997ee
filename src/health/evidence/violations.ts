import type { Finding } from '../finding.ts';
import type { Places } from './places.ts';
import { aboutRows, type Question } from './question.ts';

/** Rows that break a check which is missing, looser, not validated or not enforced. */
export function violations({ kind, table = '', object = '', spelling }: Finding, places: Places): Question | null {
  if (kind !== 'CHECK' && kind !== 'NOT_VALID_CONSTRAINT') return null;
  const check = places.constraint(table, object);
  const expression = spelling?.of === 'check' ? spelling.expected : check?.type === 'c' ? check.expression : null;
  if (expression === null || !places.has(table, check?.columns ?? [])) return null;
  return aboutRows({
    table,
    from: places.sqlName(table),
    condition: `not (${expression})`,
    key: places.keyOf(table),
    one: `breaks ${object}`,
    many: `break ${object}`,
  });
}
