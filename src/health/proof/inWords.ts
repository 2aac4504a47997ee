import type { DriftEffect } from '../report.ts';
import type { Finding, Spelling } from '../finding.ts';
import type { Relation } from './relate.ts';

type Consequence = { effect: DriftEffect; sqlState?: string; words: string };

/** The difference with its direction, what that does, and a row that shows it. */
export function inWords(finding: Finding, spelling: Spelling, relation: Relation): Finding {
  const consequence = consequenceOf(finding, spelling, relation);
  if (!consequence) return finding;
  const { words, ...effects } = consequence;
  return { ...finding, ...effects, message: `${finding.message} ${words}`.trim() };
}

function consequenceOf({ kind, effect, sqlState }: Finding, spelling: Spelling, relation: Relation): Consequence | null {
  switch (spelling.of) {
    case 'check':
      if (kind !== 'CHECK') return null;
      if (spelling.expected === null || spelling.actual === null) return { effect, sqlState, words: example(relation) };
      return ofCheck(relation);
    case 'predicate':
      return kind === 'VIEW' || kind === 'ROW_SECURITY' ? ofView(relation) : ofPredicate(kind === 'UNIQUE', relation);
    case 'index':
      return ofPredicate(kind === 'UNIQUE', relation);
    case 'condition':
      return ofCondition(relation);
    default:
      return null;
  }
}

function ofCheck({ looser, stricter, looserRow, stricterRow }: Relation): Consequence {
  const accepts = looserRow === null ? 'rows that should be refused are accepted' : `a row with ${looserRow} should be refused and is accepted`;
  const refuses = stricterRow === null ? 'rows that should be accepted are refused' : `a row with ${stricterRow} should be accepted and is refused`;
  if (!stricter) return { effect: 'SILENT', words: `It is looser: ${accepts}.` };
  if (!looser) return { effect: 'WRITE_FAILS', sqlState: '23514', words: `It is stricter: ${refuses}.` };
  if (looserRow === null && stricterRow === null) return { effect: 'SILENT', words: 'Whether it means the same could not be proved.' };
  return { effect: 'SILENT', sqlState: '23514', words: `It is looser here and stricter there: ${accepts}, and ${refuses}.` };
}

/** of a check that is missing, or that is not ours */
function example({ looserRow, stricterRow }: Relation): string {
  if (looserRow !== null) return `For example, one with ${looserRow} is accepted now.`;
  return stricterRow === null ? '' : `For example, a row with ${stricterRow} is refused.`;
}

function ofPredicate(unique: boolean, { looser, stricter, looserRow, stricterRow }: Relation): Consequence {
  const more = `It covers more rows${looserRow === null ? '' : `, such as one with ${looserRow}`}`;
  const fewer = `It covers fewer rows${stricterRow === null ? '' : `, and not one with ${stricterRow}`}`;
  if (!looser) return { effect: unique ? 'SILENT' : 'SLOW', words: `${fewer}${unique ? ': rows outside of it may be doubled' : ': reads of the others cannot use it'}.` };
  if (!stricter) return unique ? { effect: 'WRITE_FAILS', sqlState: '23505', words: `${more}: writes of those may be refused as duplicates.` } : { effect: 'NONE', words: `${more}: it is only larger than it need be.` };
  return { effect: unique ? 'SILENT' : 'SLOW', words: 'It covers other rows.' };
}

function ofView({ looser, stricter, looserRow, stricterRow }: Relation): Consequence {
  if (!stricter) return { effect: 'SILENT', words: `It shows more rows${looserRow === null ? '' : `, such as one with ${looserRow}`}.` };
  return { effect: 'SILENT', words: looser ? 'It shows other rows.' : `It shows fewer rows${stricterRow === null ? '' : `, and not one with ${stricterRow}`}.` };
}

function ofCondition({ looser, stricter }: Relation): Consequence {
  if (!looser) return { effect: 'SILENT', words: 'It fires for fewer rows.' };
  return { effect: 'SILENT', words: stricter ? 'It fires for other rows.' : 'It fires for more rows.' };
}
