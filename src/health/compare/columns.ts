import { escapeIdentifier } from 'pg';
import type { Catalog, Column, Relation } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import { checksOf } from './checksOf.ts';
import { mentionedIn } from './mentions.ts';
import { sameCollation } from './sameCollation.ts';
import { sameText } from './sqlText.ts';
import { domainEffect, typeEffect } from './typeEffect.ts';

/** Columns by name; their order means nothing. */
export function compareColumns(table: string, expected: Relation, actual: Relation, domains: Catalog['domains']): Finding[] {
  const findings: Finding[] = [];
  for (const [name, column] of Object.entries(expected.columns)) {
    const found = actual.columns[name];
    if (found) findings.push(...compareColumn(table, name, expected, actual, column, found, domains));
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

function compareColumn(table: string, column: string, ours: Relation, theirs: Relation, expected: Column, actual: Column, domains: Catalog['domains']): Finding[] {
  return [
    compareType(table, column, expected, actual, domains),
    compareNullability(table, column, ours, theirs),
    compareGeneration(table, column, expected, actual, theirs.columns),
    compareIdentity(table, column, expected, actual),
    compareDefault(table, column, expected, actual),
    compareCollation(table, column, expected, actual),
  ].filter((finding) => finding !== null);
}

function compareType(table: string, column: string, expected: Column, actual: Column, domains: Catalog['domains']): Finding | null {
  if (expected.type === actual.type) return null;
  const domain = domains[actual.type];
  const { effect, sqlState, words } = domain ? domainEffect(expected.type, actual.type, domain) : typeEffect(expected.type, actual.type);
  return {
    kind: 'COLUMN_TYPE',
    table,
    column,
    needs: mentionedIn(table, expected.type),
    effect,
    sqlState,
    expected: expected.type,
    actual: actual.type,
    message: `The column ${table}.${column} is ${actual.type} instead of ${expected.type}: ${words}.`,
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
  if (actual.generated !== '' && sameText(expected.default, actual.default)) {
    return actual.generated === 'v'
      ? { ...place, effect: 'SLOW', message: `The column ${table}.${column} is worked out at each read (virtual) instead of being stored.` }
      : { ...place, effect: 'NONE', message: `The column ${table}.${column} is stored instead of being worked out at each read.` };
  }
  const message = actual.generated === ''
    ? `The column ${table}.${column} is no longer generated: it stays empty or out of date.`
    : `The column ${table}.${column} is generated in another way: ${actual.default}.`;
  const spelling = actual.generated === expected.generated ? ({ of: 'value', expected: expected.default ?? '', actual: actual.default ?? '', columns } as const) : undefined;
  return { ...place, effect: 'SILENT', message, spelling };
}

/** A default that draws from a sequence numbers rows as an identity does. */
function compareIdentity(table: string, column: string, expected: Column, actual: Column): Finding | null {
  if (expected.identity === actual.identity || (expected.identity === 'd' && isSerial(actual)) || (isSerial(expected) && actual.identity === 'd')) return null;
  const words: Record<string, string> = { '': 'no identity', a: 'generated always as identity', d: 'generated by default as identity' };
  const place = { kind: 'COLUMN_IDENTITY', table, column, expected: words[expected.identity], actual: words[actual.identity] } as const;
  if (actual.identity === 'a') {
    return { ...place, effect: 'WRITE_FAILS', sqlState: '428C9', message: `The column ${table}.${column} is generated always as identity: writes that give it a value fail.` };
  }
  if (actual.identity === 'd' || isSerial(actual)) {
    return { ...place, effect: 'NONE', message: `The column ${table}.${column} is numbered by default instead of ${expected.identity === 'a' ? 'always, so that a value may be given too' : 'not at all'}.` };
  }
  return { ...place, effect: 'WRITE_FAILS', sqlState: '23502', message: `The column ${table}.${column} is not numbered any more: inserts that leave it out fail.` };
}

function isSerial({ default: value }: Column): boolean {
  return value?.startsWith('nextval(') ?? false;
}

/** What is numbered is told by its identity and its sequence. */
function compareDefault(table: string, column: string, expected: Column, actual: Column): Finding | null {
  if (expected.generated !== '' || actual.generated !== '' || sameText(expected.default, actual.default)) return null;
  const isNumbered = (one: Column) => one.identity !== '' || isSerial(one);
  if (isNumbered(expected) && isNumbered(actual)) return null;
  const needs = [...mentionedIn(table, expected.default), ...(expected.sequence === null ? [] : [expected.sequence])];
  const place = { kind: 'COLUMN_DEFAULT', table, column, expected: expected.default ?? 'no default', actual: actual.default ?? 'no default', needs } as const;
  if (actual.default === null) {
    return expected.notNull
      ? { ...place, effect: 'WRITE_FAILS', sqlState: '23502', message: `The column ${table}.${column} lost its default ${expected.default}: inserts that leave it out fail.` }
      : { ...place, effect: 'SILENT', message: `The column ${table}.${column} lost its default ${expected.default}: rows written without it hold NULL.` };
  }
  if (expected.default === null) {
    // Whatever must not be NULL and has no default is written by us.
    return { ...place, effect: expected.notNull ? 'NONE' : 'SILENT', message: `The column ${table}.${column} has a default, ${actual.default}: rows written without it hold that instead of ${expected.notNull ? 'being refused' : 'NULL'}.` };
  }
  return {
    ...place,
    effect: 'SILENT',
    message: `The column ${table}.${column} has the default ${actual.default} instead of ${expected.default}: rows written without it hold another value.`,
    spelling: { of: 'default', type: expected.type, expected: expected.default, actual: actual.default },
  };
}

function compareCollation(table: string, column: string, expected: Column, actual: Column): Finding | null {
  if (sameCollation(expected.collation, actual.collation) || expected.type !== actual.type) return null;
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
