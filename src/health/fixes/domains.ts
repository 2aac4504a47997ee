import { escapeIdentifier } from 'pg';
import type { Domain } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import { collation } from './columnSql.ts';
import { quoteTable } from './identifiers.ts';
import type { Mending, Scene } from './mending.ts';

/** A domain of ours: missing, or with another default, NULL or checks. Its type and collation cannot be changed. */
export function domainFixes({ kind, object = '', detail = '' }: Finding, { expected, live }: Scene): Mending[] {
  const [wanted, found] = [expected.domains[object], live.domains[object]];
  if (!wanted) return [];
  const alter = (action: string) => `alter domain ${quoteTable(object)} ${action}`;
  const common = { stage: 'change of column', risk: 'SAFE', lock: 'none' } as const;
  if (!found) return [{ ...common, stage: 'type', sql: domainSql(object, wanted) }];
  switch (kind) {
    case 'COLUMN_NULLABILITY': {
      const note = 'It reads every table that has the domain, while writes to it wait. It fails while a row holds NULL.';
      return [wanted.notNull
        ? { ...common, risk: 'CAUTION', sql: alter('set not null'), lock: 'SHARE', estimatedMs: null, note, needsRows: true, undo: alter('drop not null') }
        : { ...common, sql: alter('drop not null'), undo: alter('set not null') }];
    }
    case 'COLUMN_DEFAULT': {
      const to = ({ default: value }: Domain) => alter(value === null ? 'drop default' : `set default ${value}`);
      return [{ ...common, sql: to(wanted), undo: to(found) }];
    }
    case 'NOT_VALID_CONSTRAINT':
      return [validation(alter, detail)];
    case 'CHECK':
      return checks(detail, wanted, found, alter);
    default:
      return [];
  }
}

type Alter = (action: string) => string;

function checks(name: string, wanted: Domain, found: Domain, alter: Alter): Mending[] {
  const quoted = escapeIdentifier(name);
  const [ours, theirs] = [wanted, found].map((domain) => domain.checks.find((check) => check.name === name));
  const add = (expression: string) => alter(`add constraint ${quoted} check (${expression}) not valid`);
  const drop: Mending = { stage: 'constraint', sql: alter(`drop constraint ${quoted}`), risk: 'SAFE', lock: 'none', undo: theirs && add(theirs.expression) };
  if (!ours) return [{ ...drop, risk: 'CAUTION', note: 'Somebody made this check: ask who needs it.' }];
  const replaced = theirs ? [drop.sql, add(ours.expression)].join(';\n') : add(ours.expression);
  return [{ stage: 'constraint', sql: replaced, risk: 'SAFE', lock: 'none', undo: theirs ? undefined : drop.sql }, validation(alter, name)];
}

function validation(alter: Alter, name: string): Mending {
  return { stage: 'validation', sql: alter(`validate constraint ${escapeIdentifier(name)}`), risk: 'SAFE', lock: 'SHARE', estimatedMs: null, note: 'It reads every table that has the domain, while writes to it wait.', needsRows: true };
}

function domainSql(name: string, { base, notNull, default: value, collation: sorting, checks: own }: Domain): string {
  return [
    `create domain ${quoteTable(name)} as ${base}`,
    collation({ collation: sorting }),
    value !== null && `default ${value}`,
    notNull && 'not null',
    ...own.map((check) => `constraint ${escapeIdentifier(check.name)} check (${check.expression})`),
  ].filter(Boolean).join(' ');
}
