import type { Catalog, Routine } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import type { Names } from './names/names.ts';
import { normalised } from './sqlText.ts';
import { withSchema } from './withSchema.ts';

/** Our functions by name and argument types; those of others are of no interest. */
export function compareFunctions(expected: Catalog['functions'], actual: Catalog['functions'], names: Names): Finding[] {
  return Object.entries(expected).flatMap(([name, routine]) => {
    const found = actual[name];
    if (found) return compareFunction(name, routine, found);
    return withSchema([{ kind: 'FUNCTION', object: name, effect: 'FAILS', sqlState: '42883', lost: name, expected: `returns ${routine.returns}`, message: `The function ${name} is missing: whatever calls it fails.` }], names);
  });
}

function compareFunction(object: string, expected: Routine, actual: Routine): Finding[] {
  const differences = [
    expected.returns !== actual.returns && `returns ${actual.returns}`,
    expected.language !== actual.language && `is written in ${actual.language}`,
    expected.volatility !== actual.volatility && 'has another volatility',
    expected.strict !== actual.strict && (actual.strict ? 'answers NULL to NULL' : 'is called with NULL'),
    expected.securityDefiner !== actual.securityDefiner && (actual.securityDefiner ? 'runs with the rights of its owner' : 'runs with the rights of its caller'),
    [...expected.settings].sort().join() !== [...actual.settings].sort().join() && 'has other settings',
    expected.body !== null && actual.body !== null && normalised(expected.body) !== normalised(actual.body) && 'has another body',
  ].filter((difference) => difference !== false);
  if (differences.length === 0) return [];
  return [{ kind: 'FUNCTION', object, effect: 'SILENT', expected: 'as migrated', actual: differences.join(', '), message: `The function ${object} was changed: it ${differences.join(', ')}.` }];
}
