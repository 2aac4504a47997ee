import type { Catalog, Domain } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import { mentionedIn } from './mentions.ts';
import { sameText } from './sqlText.ts';
import { typeEffect } from './typeEffect.ts';

/** Domains of ours: the type beneath, NULL, the default, and checks by what they say. */
export function compareDomains(expected: Catalog['domains'], actual: Catalog['domains']): Finding[] {
  return Object.entries(expected).flatMap(([object, domain]): Finding[] => {
    const found = actual[object];
    if (found) return [...compareDomain(object, domain, found), ...compareChecks(object, domain, found)];
    return [{ kind: 'COLUMN_TYPE', object, effect: 'FAILS', sqlState: '42704', expected: `domain over ${domain.base}`, actual: 'missing', lost: object, message: `The domain ${object} is missing: whatever names it fails.` }];
  });
}

function compareDomain(object: string, expected: Domain, actual: Domain): Finding[] {
  const findings: Finding[] = [];
  if (expected.base !== actual.base) {
    findings.push({ kind: 'COLUMN_TYPE', object, ...typeEffect(expected.base, actual.base), expected: expected.base, actual: actual.base, message: `The domain ${object} is ${actual.base} instead of ${expected.base}.` });
  }
  if (expected.notNull !== actual.notNull) {
    const words = (notNull: boolean) => (notNull ? 'NOT NULL' : 'nullable');
    const effect = expected.notNull ? { effect: 'SILENT' as const } : { effect: 'WRITE_FAILS' as const, sqlState: '23502' };
    findings.push({ kind: 'COLUMN_NULLABILITY', object, ...effect, expected: words(expected.notNull), actual: words(actual.notNull), message: `The domain ${object} ${actual.notNull ? 'refuses' : 'accepts'} NULL, which it should ${actual.notNull ? 'accept' : 'refuse'}.` });
  }
  if (!sameText(expected.default, actual.default)) {
    findings.push({ kind: 'COLUMN_DEFAULT', object, effect: 'SILENT', expected: expected.default ?? 'no default', actual: actual.default ?? 'no default', message: `The domain ${object} has the default ${actual.default ?? 'none'} instead of ${expected.default ?? 'none'}.` });
  }
  if (expected.collation !== actual.collation) {
    findings.push({ kind: 'COLUMN_COLLATION', object, effect: 'SILENT', expected: expected.collation ?? 'default', actual: actual.collation ?? 'default', message: `The domain ${object} sorts and compares by the collation ${actual.collation ?? 'of the database'}.` });
  }
  return findings;
}

function compareChecks(object: string, expected: Domain, actual: Domain): Finding[] {
  const rest = [...actual.checks];
  const findings: Finding[] = [];
  const lacking = expected.checks.filter((check) => {
    const same = rest.findIndex((other) => sameText(check.expression, other.expression));
    if (same < 0) return true;
    const [found] = rest.splice(same, 1);
    if (check.validated && found && !found.validated) {
      findings.push({ kind: 'NOT_VALID_CONSTRAINT', object, detail: found.name, effect: 'SILENT', expected: 'valid', actual: 'NOT VALID', message: `The check ${found.name} of the domain ${object} is NOT VALID: values from before it may break it.` });
    }
    return false;
  });
  for (const { name, expression } of lacking) {
    const index = rest.findIndex((other) => other.name === name);
    const other = index < 0 ? undefined : rest.splice(index, 1)[0];
    const place = { kind: 'CHECK', object, detail: name, effect: 'SILENT', expected: `check ${expression}`, needs: mentionedIn(object, expression) } as const;
    findings.push(other
      ? { ...place, actual: `check ${other.expression}`, spelling: spellingOf(expression, other.expression, expected, actual), message: `The check ${name} of the domain ${object} is another one: ${other.expression} instead of ${expression}.` }
      : { ...place, actual: 'missing', message: `The check ${name} of the domain ${object} is missing: values that break it are accepted.` });
  }
  for (const { name, expression } of rest) {
    findings.push({ kind: 'CHECK', object, detail: name, effect: 'WRITE_FAILS', sqlState: '23514', actual: `check ${expression}`, message: `The check ${name} of the domain ${object} is not ours and may refuse what we write: ${expression}.` });
  }
  return findings;
}

/** A domain's check speaks of VALUE, which is a column as good as any. */
function spellingOf(ours: string, theirs: string, expected: Domain, actual: Domain): Finding['spelling'] {
  const columns = ({ base, notNull, collation }: Domain) => ({ value: { position: 1, type: base, notNull, default: null, generated: '', identity: '', sequence: null, collation } });
  return { of: 'check', expected: ours, actual: theirs, ours: expected.checks.map(({ expression }) => expression), theirs: actual.checks.map(({ expression }) => expression), ourColumns: columns(expected), theirColumns: columns(actual) };
}
