import type { Constraint, Relation } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import { checksOf } from './checksOf.ts';
import { foreignKeyDifference } from './foreignKeyDifference.ts';
import { keyOf } from './keyOf.ts';
import { mentionedIn } from './mentions.ts';
import { pairUp } from './pairUp.ts';
import { sameText } from './sqlText.ts';

const actions: Record<string, string> = { a: 'no action', r: 'restrict', c: 'cascade', n: 'set null', d: 'set default' };

/** Foreign keys and checks. Primary, unique and exclusion constraints are told by their indexes. */
export function compareConstraints(table: string, expected: Relation, actual: Relation): Finding[] {
  const pairs = pairUp(withoutKeys(expected), withoutKeys(actual), same, akin);
  return [
    ...pairs.missing.map(({ name, expected: constraint }) => ({ ...missing(table, name, constraint, expected, actual), part: { ours: name } })),
    ...pairs.different.flatMap(({ name, expected: wanted, actualName, actual: found }) =>
      different(table, actualName, wanted, found, expected, actual).map((finding) => ({ ...finding, part: { ours: name, theirs: actualName } }))),
    ...pairs.extra.map(({ name, actual: constraint }) => ({ ...extra(table, name, constraint, expected, actual), part: { theirs: name } })),
  ];
}

function withoutKeys({ constraints }: Relation): Record<string, Constraint> {
  return Object.fromEntries(Object.entries(constraints).filter(([, { type }]) => !['p', 'u', 'x'].includes(type)));
}

function same(expected: Constraint, actual: Constraint): boolean {
  return sameRule(expected, actual) && expected.validated === actual.validated && expected.enforced === actual.enforced;
}

function sameRule(expected: Constraint, actual: Constraint): boolean {
  if (expected.type !== actual.type) return false;
  if (expected.type === 'f') return foreignKeyDifference(expected, actual) === null;
  return sameText(expected.expression, actual.expression) && sameColumns(expected, actual);
}

function akin(expected: Constraint, actual: Constraint): boolean {
  return expected.type === actual.type && sameColumns(expected, actual);
}

function sameColumns(a: Constraint, b: Constraint): boolean {
  return [...a.columns].sort().join() === [...b.columns].sort().join();
}

function missing(table: string, object: string, constraint: Constraint, ours: Relation, theirs: Relation): Finding {
  const { type, references, expression } = constraint;
  const place = { table, object, expected: describe(constraint), lost: `${table}#${object}`, needs: needsOf(table, constraint), effect: 'SILENT' } as const;
  if (type === 'f') {
    return { ...place, kind: 'FOREIGN_KEY', message: `The foreign key from ${table} (${constraint.columns.join(', ')}) to ${references?.table} is missing: rows may refer to nothing.` };
  }
  return {
    ...place,
    kind: 'CHECK',
    message: `The check ${object} on ${table} (${expression}) is missing: rows that break it are accepted.`,
    spelling: { of: 'check', expected: expression, actual: null, ...checksOf(ours, theirs) },
  };
}

function extra(table: string, object: string, constraint: Constraint, ours: Relation, theirs: Relation): Finding {
  const { type, columns, validated } = constraint;
  if (type === 'n') return notValid(table, object, { table, object, column: columns[0] });
  const isKey = type === 'f';
  const place = { kind: isKey ? 'FOREIGN_KEY' : 'CHECK', table, object, actual: describe(constraint) } as const;
  if (isKey && Object.values(ours.constraints).some((own) => sameRule(own, constraint))) {
    return { ...place, effect: 'NONE', message: `The foreign key ${object} on ${table} says once more what one of ours says; it costs writes a little.` };
  }
  // We leave what is not ours empty, and that passes.
  if (!constraint.enforced || (columns.length > 0 && columns.every((column) => !ours.columns[column] && isEmptyByDefault(theirs, column)))) {
    return { ...place, effect: 'NONE', message: `The ${isKey ? 'foreign key' : 'check'} ${object} on ${table} is not ours; what we write passes it.` };
  }
  return {
    ...place,
    effect: 'WRITE_FAILS',
    sqlState: isKey ? '23503' : '23514',
    message: `The ${isKey ? 'foreign key' : 'check'} ${object} on ${table} is not ours and refuses ${validated ? 'what breaks' : 'new rows that break'} it: ${describe(constraint)}. Ask who needs it, or drop it.`,
    spelling: isKey || constraint.expression === null ? undefined : { of: 'check', expected: null, actual: constraint.expression, ...checksOf(ours, theirs) },
  };
}

function isEmptyByDefault({ columns }: Relation, name: string): boolean {
  return columns[name]?.notNull === false && columns[name].default === null;
}

function different(table: string, object: string, expected: Constraint, actual: Constraint, ours: Relation, theirs: Relation): Finding[] {
  const place = { table, object, needs: needsOf(table, expected) };
  const isKey = expected.type === 'f';
  const kind = isKey ? 'FOREIGN_KEY' : 'CHECK';
  const findings: Finding[] = [];
  if (expected.enforced && !actual.enforced) {
    const message = `The ${isKey ? 'foreign key' : 'check'} ${object} on ${table} is not enforced${isKey ? ' (its triggers are disabled, or it is NOT ENFORCED)' : ''}: rows that break it are accepted.`;
    const needs = [...place.needs, ...(isKey ? [table, expected.references?.table].map((end) => `triggers:${end}`) : [])];
    findings.push({ ...place, needs, kind, detail: 'enforced', effect: 'SILENT', expected: 'enforced', actual: 'not enforced', message });
  } else if (expected.validated && !actual.validated) findings.push(notValid(table, object, place));

  if (sameRule(expected, actual)) return findings;
  const texts = { expected: describe(expected), actual: describe(actual) };
  if (isKey) {
    const difference = foreignKeyDifference(expected, actual);
    if (difference) findings.push({ ...place, kind, ...texts, effect: difference.effect, sqlState: difference.sqlState, message: `The foreign key ${object} on ${table} is not the one that we expect: ${difference.words}.` });
    return findings;
  }
  findings.push({
    ...place,
    kind,
    ...texts,
    effect: 'SILENT',
    message: `The check ${object} on ${table} is not the one that we expect.`,
    spelling: { of: 'check', expected: expected.expression, actual: actual.expression, ...checksOf(ours, assumedValid(theirs, actual)) },
  });
  return findings;
}

/** That it is not valid yet is a difference of its own. */
function assumedValid(relation: Relation, constraint: Constraint): Relation {
  const constraints = Object.entries(relation.constraints).map(([name, own]) => [name, own === constraint ? { ...own, validated: true, enforced: true } : own]);
  return { ...relation, constraints: Object.fromEntries(constraints) as Relation['constraints'] };
}

function notValid(table: string, object: string, place: Pick<Finding, 'table' | 'object' | 'column' | 'needs'>): Finding {
  return {
    ...place,
    kind: 'NOT_VALID_CONSTRAINT',
    effect: 'SILENT',
    expected: 'valid',
    actual: 'NOT VALID',
    message: `The constraint ${object} on ${table} is NOT VALID: it guards new rows, but rows from before it may break it.`,
  };
}

function needsOf(table: string, { columns, references, expression }: Constraint): string[] {
  return [
    ...mentionedIn(table, expression),
    ...columns.map((column) => `${table}.${column}`),
    ...(references ? [references.table, keyOf(references.table, references.columns), ...references.columns.map((column) => `${references.table}.${column}`)] : []),
  ];
}

function describe({ type, columns, references, expression, deferrable, deferred }: Constraint): string {
  if (type !== 'f' || !references) return `check ${expression}`;
  const { table, columns: targets, onDelete, onUpdate } = references;
  const timing = deferred ? ' initially deferred' : deferrable ? ' deferrable' : '';
  return `(${columns.join(', ')}) → ${table} (${targets.join(', ')}) on delete ${actions[onDelete]} on update ${actions[onUpdate]}${timing}`;
}
