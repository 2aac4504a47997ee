import type { Catalog, Routine } from '../catalog.ts';
import { effectsByUrgency, type DriftEffect } from '../report.ts';
import type { Finding } from '../finding.ts';
import type { Names } from './names/names.ts';
import { sameBody } from './routineText.ts';
import { withSchema } from './withSchema.ts';

/** Our functions by name and argument types; those of others are of no interest. */
export function compareFunctions(expected: Catalog['functions'], actual: Catalog['functions'], names: Names): Finding[] {
  return Object.entries(expected).flatMap(([name, routine]) => {
    const found = actual[name];
    return found ? compareFunction(name, routine, found) : withSchema([missing(name, routine)], names);
  });
}

function missing(object: string, { returns }: Routine): Finding {
  const place = { kind: 'FUNCTION', object, lost: object, expected: `returns ${returns}` } as const;
  return returns === 'trigger'
    ? { ...place, effect: 'SILENT', message: `The function ${object} is missing, and with it the triggers that ran it: what they guarded is not guarded any more.` }
    : { ...place, effect: 'FAILS', sqlState: '42883', message: `The function ${object} is missing: whatever calls it fails.` };
}

interface Difference {
  effect: DriftEffect;
  sqlState?: string;
  words: string;
}

function compareFunction(object: string, expected: Routine, actual: Routine): Finding[] {
  const differences = [result(expected, actual), body(expected, actual), rights(expected, actual), settings(expected, actual), nulls(expected, actual), volatility(expected, actual)].filter((difference) => difference !== null);
  const [worst] = [...differences].sort((a, b) => effectsByUrgency.indexOf(a.effect) - effectsByUrgency.indexOf(b.effect));
  if (!worst) return [];
  const words = differences.map((difference) => difference.words).join(', ');
  return [{ kind: 'FUNCTION', object, effect: worst.effect, sqlState: worst.sqlState, expected: 'as migrated', actual: words, message: `The function ${object} was changed: it ${words}.` }];
}

function result(expected: Routine, actual: Routine): Difference | null {
  return expected.returns === actual.returns ? null : { effect: 'FAILS', sqlState: '42804', words: `returns ${actual.returns} instead of ${expected.returns}` };
}

function body(expected: Routine, actual: Routine): Difference | null {
  if (expected.language !== actual.language) return { effect: 'SILENT', words: `is written in ${actual.language}, so what it does is not known` };
  if (expected.body === null || actual.body === null || sameBody(expected.language, expected.body, actual.body)) return null;
  return { effect: 'SILENT', words: 'has another body, so it may do something else' };
}

function rights(expected: Routine, actual: Routine): Difference | null {
  if (expected.securityDefiner === actual.securityDefiner) return null;
  return actual.securityDefiner
    ? { effect: 'SILENT', words: 'runs with the rights of its owner (SECURITY DEFINER), whoever calls it' }
    : { effect: 'WRITE_FAILS', sqlState: '42501', words: 'runs with the rights of its caller, which may not be enough' };
}

/** Names that need no quotes may have them all the same, where they were written under quote_all_identifiers. */
function settings(expected: Routine, actual: Routine): Difference | null {
  const list = ({ settings: own }: Routine) => own.map((setting) => setting.replaceAll(/"([a-z_][a-z0-9_]*)"/g, '$1')).sort().join(', ');
  return list(expected) === list(actual) ? null : { effect: 'SILENT', words: `runs with the settings (${list(actual)}) instead of (${list(expected)})` };
}

function nulls(expected: Routine, actual: Routine): Difference | null {
  if (expected.strict === actual.strict) return null;
  return { effect: 'SILENT', words: actual.strict ? 'answers NULL where an argument is NULL' : 'is called with NULL arguments too' };
}

/** What it answers is the same; indexes and what is generated cannot be made again with one that is not immutable. */
function volatility(expected: Routine, actual: Routine): Difference | null {
  const words: Record<string, string> = { i: 'immutable', s: 'stable', v: 'volatile' };
  return expected.volatility === actual.volatility ? null : { effect: 'LATENT', words: `is ${words[actual.volatility]} instead of ${words[expected.volatility]}` };
}
