import type { ClientBase } from 'pg';

/** Gives a value of its own at each call or moment, so only something like it can be the same. */
const changing = /\(|^'?\b(current_|localtime|session_user|user\b)/i;

/**
 * Whether two defaults give one value in one type: the same once PostgreSQL has worked out what is constant, or, of two
 * that depend on the moment, equal in one transaction. One that would write (a sequence) is an error here.
 */
export async function sameValue(client: ClientBase, type: string, expected: string, actual: string): Promise<boolean> {
  const [a, b] = [await constantOf(client, type, expected), await constantOf(client, type, actual)];
  if (a === b) return true;
  if (!changing.test(a) || !changing.test(b)) return false;
  const text = type.startsWith('json') ? '::text' : '';
  const { rows } = await client.query<{ same: boolean }>(`select (${expected})::${type}${text} is not distinct from (${actual})::${type}${text} as same`);
  return rows[0]?.same ?? false;
}

async function constantOf(client: ClientBase, type: string, expression: string): Promise<string> {
  const { rows } = await client.query<Record<'QUERY PLAN', string>>(`explain (verbose, costs off) select (${expression})::${type} as value`);
  return rows.map((row) => row['QUERY PLAN']).find((line) => line.includes('Output: '))?.replace(/^.*Output: /, '') ?? expression;
}
