import type { ClientBase } from 'pg';
import type { LiveCatalog } from '../liveCatalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding, Spelling } from '../finding.ts';
import { askReadOnly } from './askReadOnly.ts';
import { inWords } from './inWords.ts';
import { isProved } from './implies.ts';
import { relate, relateChecks, same, type Asks, type Relation } from './relate.ts';
import { sameValue } from './sameValue.ts';

/** Most are settled without a question, and PostgreSQL needs a millisecond for one; what needs more is another schema. */
const BUDGET_MS = 800;

/**
 * Finds out about expressions that are spelled differently: what means the same is no difference, and what is only looser
 * or stricter says so, with a row that shows it. It makes no object, takes no lock on ours, and writes nothing.
 */
export async function proveSpellings(client: ClientBase, findings: Finding[], expected: ExpectedCatalog, { database }: LiveCatalog): Promise<Finding[]> {
  const started = performance.now();
  const asks: Asks = async (explain) => isProved((await askReadOnly(client, database.schema, [explain])) ?? []);
  const proved: Finding[] = [];
  for (const finding of findings) {
    const { spelling } = finding;
    if (!spelling) {
      proved.push(finding);
    } else if (performance.now() - started > BUDGET_MS) {
      proved.push({ ...finding, message: `${finding.message} There was no time to find out whether it means the same.` });
    } else {
      const relation = await relationOf(client, asks, database.schema, spelling, expected);
      if (relation.looser || relation.stricter) proved.push(inWords(finding, spelling, relation));
    }
  }
  return proved;
}

async function relationOf(client: ClientBase, asks: Asks, schema: string, spelling: Spelling, { enums }: ExpectedCatalog): Promise<Relation> {
  switch (spelling.of) {
    case 'default':
      return (await sameValue(client, schema, spelling, enums)) ? same : { ...same, looser: true, stricter: true };
    case 'check':
      return relateChecks(asks, enums, spelling);
    case 'value':
      return relate(asks, 'value', { columns: spelling.columns, enums }, spelling.expected, spelling.actual);
    case 'predicate':
    case 'condition':
      return relate(asks, 'predicate', { columns: spelling.columns, enums }, spelling.expected, spelling.actual);
    case 'index': {
      const facts = { columns: spelling.columns, enums };
      for (const [expected, actual] of spelling.keys) {
        const relation = await relate(asks, 'value', facts, expected, actual);
        if (relation.looser || relation.stricter) return { ...same, looser: true, stricter: true };
      }
      return relate(asks, 'predicate', facts, spelling.expected, spelling.actual);
    }
  }
}
