import type { Constraint, Relation } from '../catalog.ts';
import type { DriftEffect } from '../report.ts';
import type { Finding } from '../finding.ts';
import { keyOf } from './keyOf.ts';
import { mentionedIn } from './mentions.ts';
import { pairUp } from './pairUp.ts';
import { sameText } from './sqlText.ts';

const actions: Record<string, string> = { a: 'no action', r: 'restrict', c: 'cascade', n: 'set null', d: 'set default' };

/** Foreign keys, checks and exclusions. Keys that are told by their index are not looked at here. */
export function compareConstraints(table: string, expected: Relation, actual: Relation): Finding[] {
  const pairs = pairUp(withoutKeys(expected), withoutKeys(actual), same, akin);
  return [
    ...pairs.missing.map(({ name, expected: constraint }) => ({ ...missing(table, name, constraint), part: { ours: name } })),
    ...pairs.different.flatMap(({ name, expected: wanted, actualName, actual: found }) =>
      different(table, actualName, wanted, found).map((finding) => ({ ...finding, part: { ours: name, theirs: actualName } }))),
    ...pairs.extra.map(({ name, actual: constraint }) => ({
      ...extra(table, name, constraint, Object.values(expected.constraints).some((ours) => same(ours, constraint))),
      part: { theirs: name },
    })),
  ];
}

function withoutKeys({ constraints }: Relation): Record<string, Constraint> {
  return Object.fromEntries(Object.entries(constraints).filter(([, { type }]) => type !== 'p' && type !== 'u'));
}

function same(expected: Constraint, actual: Constraint): boolean {
  return sameRule(expected, actual) && expected.validated === actual.validated && expected.enforced === actual.enforced;
}

function sameRule(expected: Constraint, actual: Constraint): boolean {
  if (expected.type !== actual.type || expected.deferrable !== actual.deferrable || expected.deferred !== actual.deferred) return false;
  return expected.type === 'f' ? foreignKey(expected) === foreignKey(actual) : sameText(expected.expression, actual.expression) && sameColumns(expected, actual);
}

function akin(expected: Constraint, actual: Constraint): boolean {
  return expected.type === actual.type && sameColumns(expected, actual);
}

function sameColumns(a: Constraint, b: Constraint): boolean {
  return [...a.columns].sort().join() === [...b.columns].sort().join();
}

/** the columns in pairs, in any order, with what they refer to and how */
function foreignKey({ columns, references }: Constraint): string {
  if (!references) return '';
  const pairs = columns.map((column, index) => `${column}=${references.columns[index]}`).sort();
  return [references.table, pairs, references.onUpdate, references.onDelete, references.match].join(' ');
}

function missing(table: string, object: string, constraint: Constraint): Finding {
  const { type, references } = constraint;
  const place = { table, object, expected: describe(constraint), lost: `${table}#${object}`, needs: needsOf(table, constraint) };
  if (type === 'f') {
    return {
      ...place,
      kind: 'FOREIGN_KEY',
      effect: 'SILENT',
      message: `The foreign key from ${table} (${constraint.columns.join(', ')}) to ${references?.table} is missing: rows may refer to nothing.`,
    };
  }
  return { ...place, kind: 'CHECK', effect: 'SILENT', message: `The check ${object} on ${table} is missing: rows that break it are accepted.` };
}

function extra(table: string, object: string, constraint: Constraint, isDouble: boolean): Finding {
  const isKey = constraint.type === 'f';
  if (isDouble) return { kind: isKey ? 'FOREIGN_KEY' : 'CHECK', table, object, effect: 'NONE', actual: describe(constraint), message: `${object} on ${table} says once more what a constraint of ours says.` };
  return {
    kind: isKey ? 'FOREIGN_KEY' : 'CHECK',
    table,
    object,
    effect: 'WRITE_FAILS',
    sqlState: isKey ? '23503' : '23514',
    actual: describe(constraint),
    message: `The ${isKey ? 'foreign key' : 'check'} ${object} on ${table} is not ours and may refuse what we write: ${describe(constraint)}.`,
  };
}

function different(table: string, object: string, expected: Constraint, actual: Constraint): Finding[] {
  const place = { table, object, needs: needsOf(table, expected) };
  const findings: Finding[] = [];
  if (expected.validated && !actual.validated) {
    findings.push({
      ...place,
      kind: 'NOT_VALID_CONSTRAINT',
      effect: 'SILENT',
      expected: 'valid',
      actual: 'NOT VALID',
      message: `The constraint ${object} on ${table} is NOT VALID: rows from before it may break it.`,
    });
  }
  const kind = expected.type === 'f' ? 'FOREIGN_KEY' : 'CHECK';
  if (expected.enforced && !actual.enforced) {
    const message = `The constraint ${object} on ${table} is not enforced: its triggers are disabled.`;
    findings.push({ ...place, kind, detail: 'enforced', effect: 'SILENT', expected: 'enforced', actual: 'not enforced', message });
  }
  if (sameRule(expected, actual)) return findings;
  findings.push({
    ...place,
    kind,
    ...(expected.type === 'f' ? foreignKeyEffect(expected, actual) : { effect: 'SILENT' }),
    expected: describe(expected),
    actual: describe(actual),
    message: `The ${expected.type === 'f' ? 'foreign key' : 'check'} ${object} on ${table} is another one: ${describe(actual)} instead of ${describe(expected)}.`,
    spelling: expected.type === 'c' && expected.expression !== null && actual.expression !== null
      ? { of: 'check', table, expected: expected.expression, actual: actual.expression }
      : undefined,
  });
  return findings;
}

/** A key that refuses to delete where it should cascade fails loudly; the reverse deletes without a word. */
function foreignKeyEffect({ references: expected }: Constraint, { references: actual }: Constraint): { effect: DriftEffect; sqlState?: string } {
  const refuses = (action: string | undefined) => action === 'a' || action === 'r';
  const becameStrict = !refuses(expected?.onDelete) && refuses(actual?.onDelete);
  const elsewhere = expected?.table !== actual?.table;
  return becameStrict || elsewhere ? { effect: 'WRITE_FAILS', sqlState: '23503' } : { effect: 'SILENT' };
}

function needsOf(table: string, { columns, references, expression }: Constraint): string[] {
  return [
    ...mentionedIn(table, expression),
    ...columns.map((column) => `${table}.${column}`),
    ...(references ? [references.table, keyOf(references.table, references.columns), ...references.columns.map((column) => `${references.table}.${column}`)] : []),
  ];
}

function describe({ type, columns, references, expression, deferrable, deferred }: Constraint): string {
  if (type === 'c') return `check ${expression}`;
  if (!references) return `exclusion over ${columns.join(', ')}`;
  const { table, columns: targets, onDelete, onUpdate } = references;
  const timing = deferred ? ' initially deferred' : deferrable ? ' deferrable' : '';
  return `(${columns.join(', ')}) → ${table} (${targets.join(', ')}) on delete ${actions[onDelete]} on update ${actions[onUpdate]}${timing}`;
}
