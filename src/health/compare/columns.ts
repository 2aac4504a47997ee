import { escapeIdentifier } from 'pg';
import type { Column, Relation } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import { checksOf } from './checksOf.ts';
import { mentionedIn } from './mentions.ts';
import { sameText } from './sqlText.ts';
import { typeEffect } from './typeEffect.ts';

/** Columns by name; their order means nothing. */
export function compareColumns(table: string, expected: Relation, actual: Relation): Finding[] {
  const findings: Finding[] = [];
  for (const [name, column] of Object.entries(expected.columns)) {
    const found = actual.columns[name];
    if (found) findings.push(...compareColumn(table, name, expected, actual, column, found));
    else findings.push(missing(table, name, column));
  }
  for (const [name, column] of Object.entries(actual.columns)) {
    if (!expected.columns[name]) findings.push(extra(table, name, column));
  }
  return findings;
}

function missing(table: string, column: string, { type, default: value }: Column): Finding {
  return {
    kind: 'MISSING_COLUMN',
    table,
    column,
    effect: 'FAILS',
    sqlState: '42703',
    expected: type,
    lost: `${table}.${column}`,
    needs: mentionedIn(table, type, value),
    message: `The column ${table}.${column} (${type}) is missing; whatever names it fails.`,
  };
}

function extra(table: string, column: string, { type, notNull, default: value, generated, identity }: Column): Finding {
  const place = { kind: 'EXTRA_COLUMN', table, column, actual: type } as const;
  if (notNull && value === null && generated === '' && identity === '') {
    return {
      ...place,
      effect: 'WRITE_FAILS',
      sqlState: '23502',
      message: `The column ${table}.${column} is not ours, is NOT NULL and has no default: every insert into ${table} fails.`,
    };
  }
  return { ...place, effect: 'NONE', message: `The column ${table}.${column} is not ours; it does no harm.` };
}

function compareColumn(table: string, column: string, ours: Relation, theirs: Relation, expected: Column, actual: Column): Finding[] {
  return [
    compareType(table, column, expected, actual),
    compareNullability(table, column, ours, theirs),
    compareGeneration(table, column, expected, actual, theirs.columns),
    compareIdentity(table, column, expected, actual),
    compareDefault(table, column, expected, actual),
    compareCollation(table, column, expected, actual),
  ].filter((finding) => finding !== null);
}

function compareType(table: string, column: string, expected: Column, actual: Column): Finding | null {
  if (expected.type === actual.type) return null;
  return {
    kind: 'COLUMN_TYPE',
    table,
    column,
    needs: mentionedIn(table, expected.type),
    ...typeEffect(expected.type, actual.type),
    expected: expected.type,
    actual: actual.type,
    message: `The column ${table}.${column} is ${actual.type} instead of ${expected.type}.`,
  };
}

/** A check that refuses NULL does the same. */
function compareNullability(table: string, column: string, ours: Relation, theirs: Relation): Finding | null {
  const [expected, actual] = [ours, theirs].map(({ columns }) => columns[column]?.notNull);
  if (expected === actual) return null;
  const refused = `${escapeIdentifier(column)} is not null`;
  const spelling = { of: 'check', expected: expected ? refused : null, actual: actual ? refused : null, ...checksOf(ours, theirs) } as const;
  const place = { kind: 'COLUMN_NULLABILITY', table, column, spelling } as const;
  return expected
    ? { ...place, effect: 'SILENT', expected: 'NOT NULL', actual: 'nullable', message: `The column ${table}.${column} accepts NULL, which nothing expects there.` }
    : { ...place, effect: 'WRITE_FAILS', sqlState: '23502', expected: 'nullable', actual: 'NOT NULL', message: `The column ${table}.${column} refuses NULL: writes that leave it empty fail.` };
}

function compareGeneration(table: string, column: string, expected: Column, actual: Column, columns: Relation['columns']): Finding | null {
  if (expected.generated === actual.generated && (expected.generated === '' || sameText(expected.default, actual.default))) return null;
  const place = { kind: 'COLUMN_GENERATED', table, column, needs: mentionedIn(table, expected.default), expected: generation(expected), actual: generation(actual) } as const;
  if (expected.generated === '') {
    return { ...place, effect: 'WRITE_FAILS', sqlState: '428C9', message: `The column ${table}.${column} is generated: writes to it fail.` };
  }
  const message = actual.generated === ''
    ? `The column ${table}.${column} is no longer generated: it stays empty or out of date.`
    : `The column ${table}.${column} is generated in another way: ${actual.default}.`;
  const spelling = actual.generated === expected.generated ? ({ of: 'value', expected: expected.default ?? '', actual: actual.default ?? '', columns } as const) : undefined;
  return { ...place, effect: 'SILENT', message, spelling };
}

function compareIdentity(table: string, column: string, expected: Column, actual: Column): Finding | null {
  if (expected.identity === actual.identity) return null;
  const words: Record<string, string> = { '': 'no identity', a: 'generated always as identity', d: 'generated by default as identity' };
  return {
    kind: 'COLUMN_IDENTITY',
    table,
    column,
    effect: 'WRITE_FAILS',
    sqlState: expected.identity === '' ? '428C9' : '23502',
    expected: words[expected.identity],
    actual: words[actual.identity],
    message: `The column ${table}.${column} has ${words[actual.identity]} instead of ${words[expected.identity]}.`,
  };
}

function compareDefault(table: string, column: string, expected: Column, actual: Column): Finding | null {
  if (expected.generated !== '' || actual.generated !== '' || sameText(expected.default, actual.default)) return null;
  const lost = expected.default !== null && actual.default === null;
  const fails = lost && expected.notNull;
  return {
    kind: 'COLUMN_DEFAULT',
    table,
    column,
    needs: mentionedIn(table, expected.default),
    effect: fails ? 'WRITE_FAILS' : 'SILENT',
    sqlState: fails ? '23502' : undefined,
    expected: expected.default ?? 'no default',
    actual: actual.default ?? 'no default',
    message: lost
      ? `The column ${table}.${column} lost its default ${expected.default}: rows written without it ${fails ? 'are refused' : 'hold NULL'}.`
      : `The column ${table}.${column} has the default ${actual.default} instead of ${expected.default ?? 'none'}.`,
    spelling: expected.default !== null && actual.default !== null
      ? { of: 'default', type: expected.type, expected: expected.default, actual: actual.default }
      : undefined,
  };
}

function compareCollation(table: string, column: string, expected: Column, actual: Column): Finding | null {
  if (expected.collation === actual.collation || expected.type !== actual.type) return null;
  return {
    kind: 'COLUMN_COLLATION',
    table,
    column,
    effect: 'SILENT',
    expected: expected.collation ?? 'default',
    actual: actual.collation ?? 'default',
    message: `The column ${table}.${column} sorts and compares by the collation ${actual.collation ?? 'of the database'} instead of ${expected.collation ?? "the database's"}.`,
  };
}

function generation({ generated, default: expression }: Column): string {
  if (generated === '') return expression === null ? 'not generated' : `default ${expression}`;
  return `generated always as (${expression}) ${generated === 's' ? 'stored' : 'virtual'}`;
}
