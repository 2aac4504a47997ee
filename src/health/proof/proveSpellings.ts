import type { ClientBase } from 'pg';
import { escapeIdentifier } from 'pg';
import type { Column, LiveCatalog } from '../catalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding, Spelling } from '../finding.ts';
import { implies } from './implies.ts';
import { sameValue } from './sameValue.ts';

/** PostgreSQL needs about a millisecond for one; a schema that differs so much is another schema. */
const BUDGET_MS = 800;

/**
 * Asks PostgreSQL about expressions that are spelled differently: what means the same is no difference, and what is
 * only looser or stricter says so. It makes no object, takes no lock on ours, and writes nothing.
 */
export async function proveSpellings(client: ClientBase, findings: Finding[], expected: ExpectedCatalog, { database }: LiveCatalog): Promise<Finding[]> {
  const started = performance.now();
  const proved: Finding[] = [];
  for (const finding of findings) {
    const { spelling } = finding;
    if (!spelling || performance.now() - started > BUDGET_MS) {
      proved.push(finding);
      continue;
    }
    const columns = expected.relations[spelling.table]?.columns ?? {};
    const relation = await inReadOnlyTransaction(client, database.schema, () => compare(client, spelling, columns));
    if (relation !== 'same') proved.push(withDirection(finding, spelling, relation));
  }
  return proved;
}

type Direction = 'same' | 'looser' | 'stricter' | 'different';

async function compare(client: ClientBase, { of, type, expected, actual }: Spelling, columns: Record<string, Column>): Promise<Direction> {
  if (of === 'default') return (await sameValue(client, type ?? 'text', expected, actual)) ? 'same' : 'different';
  const looser = await implies(client, of, columns, expected, actual);
  const stricter = await implies(client, of, columns, actual, expected);
  if (looser && stricter) return 'same';
  return looser ? 'looser' : stricter ? 'stricter' : 'different';
}

function withDirection(finding: Finding, { of }: Spelling, direction: Direction): Finding {
  if (direction === 'different' || of === 'default') return finding;
  if (of === 'predicate') {
    return { ...finding, message: `${finding.message} It covers ${direction === 'looser' ? 'more' : 'fewer'} rows.` };
  }
  return direction === 'looser'
    ? { ...finding, message: `${finding.message} It is looser: rows that should be refused are accepted.` }
    : { ...finding, effect: 'WRITE_FAILS', sqlState: '23514', message: `${finding.message} It is stricter: rows that should be accepted are refused.` };
}

/** Each question by itself, so that one that PostgreSQL cannot read spoils no other: then nothing is proved. */
async function inReadOnlyTransaction(client: ClientBase, schema: string, ask: () => Promise<Direction>): Promise<Direction> {
  await client.query(
    `begin read only; set local search_path = ${escapeIdentifier(schema)}; set local constraint_exclusion = on; set local statement_timeout = 200; set local timezone = 'Asia/Kathmandu'`,
  );
  try {
    return await ask();
  } catch (error) {
    if ((error as { severity?: string }).severity !== 'ERROR') throw error;
    return 'different';
  } finally {
    await client.query('rollback');
  }
}
