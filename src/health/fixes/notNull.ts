import { escapeIdentifier } from 'pg';
import { CATALOG_MS, costOf } from './cost.ts';
import { quoteTable } from './identifiers.ts';
import type { Mending, Scene } from './mending.ts';

const suffix = '_not_null_yet';

/** The check that stands in for NOT NULL until it is there. */
function standInFor(column: string): string {
  return `${column.slice(0, 63 - suffix.length)}${suffix}`;
}

/** Whether a check is one that an interrupted repair left behind. */
export function isStandIn(constraint: string): boolean {
  return constraint.endsWith(suffix);
}

/** NOT NULL without reading the table under a strong lock: PostgreSQL takes the word of a check that it has validated. */
export function notNullSteps(table: string, column: string, scene: Scene): Mending[] {
  const target = quoteTable(table);
  const [name, check] = [escapeIdentifier(column), escapeIdentifier(standInFor(column))];
  const step = (sql: string, more: Partial<Mending> = {}): Mending => ({ stage: 'not null', sql: `alter table ${target} ${sql}`, risk: 'SAFE', lock: 'ACCESS EXCLUSIVE', estimatedMs: CATALOG_MS, needsRows: true, ...more });
  return [
    step(`drop constraint if exists ${check}, add constraint ${check} check (${name} is not null) not valid`, { undo: `alter table ${target} drop constraint ${check}` }),
    step(`validate constraint ${check}`, { lock: 'SHARE UPDATE EXCLUSIVE', estimatedMs: costOf('scan', table, scene), note: 'It reads the whole table; reads and writes go on. It fails while a row holds NULL.' }),
    step(`alter column ${name} set not null`, { undo: `alter table ${target} alter column ${name} drop not null` }),
    step(`drop constraint ${check}`, { note: 'It was only there so that nobody has to wait.' }),
  ];
}
