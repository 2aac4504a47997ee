import type { ClientBase } from 'pg';
import { askReadOnly } from './askReadOnly.ts';
import { call, textOf, type Expression } from './expression.ts';
import { normalForm } from './normalForm.ts';
import type { Facts } from './types.ts';
import { readExpression } from './readExpression.ts';

/** Depends on the moment or on who asks, so only something of that kind can be the same. */
const ofTheMoment = /\b(now|today|tomorrow|yesterday|current_\w+|localtime\w*|\w+_timestamp|timeofday|age|session_user|user|getpgusername|txid_\w+|pg_\w+|inet_\w+)\b/i;

/** Begins with the statement, not with the transaction: here it is the same by chance. */
const ofTheStatement = /\bstatement_timestamp\b/i;

/**
 * Whether two defaults of a column give the same value: written alike, or worked out by PostgreSQL to be the same. What may
 * give another value at each call (a sequence, chance) is never called.
 */
export async function sameValue(client: ClientBase, schema: string, { type, expected, actual }: { type: string; expected: string; actual: string }, enums: Facts['enums']): Promise<boolean> {
  const [a, b] = [expected, actual].map(readExpression);
  if (a && b && spelled(a, type, enums) === spelled(b, type, enums)) return true;
  if (!a || !b || [ofTheMoment, ofTheStatement].some((pattern) => pattern.test(expected) !== pattern.test(actual))) return false;
  const names = [...new Set([a, b].flatMap(functionsIn))].map((name) => `'${name.replaceAll("'", "''")}'`).join(', ') || 'null';
  const volatile = await askReadOnly<{ volatile: boolean }>(client, schema, [`select exists (select from pg_proc where provolatile = 'v' and proname in (${names})) as volatile`]);
  if (volatile?.[0]?.volatile !== false) return false;
  const rows = await askReadOnly<{ same: boolean }>(client, schema, [`select (${expected})::${type}::text is not distinct from (${actual})::${type}::text as same`]);
  return rows?.[0]?.same ?? false;
}

function spelled(node: Expression, type: string, enums: Facts['enums']): string {
  return textOf(normalForm(call('cast', [node], type), { columns: {}, enums }));
}

function functionsIn(node: Expression): string[] {
  if (node.kind !== 'call') return [];
  return [node.name.replace(/^.*\./, ''), ...node.args.flatMap(functionsIn)];
}
