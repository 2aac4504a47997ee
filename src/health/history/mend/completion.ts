import { clausesOf, wentWith, type Clause, type Part } from '../../../migrate/clauses.ts';
import type { MigrationFile } from '../../../migrate/migrations.ts';
import type { Catalog } from '../../catalog.ts';
import { columnSql } from '../../fixes/columnSql.ts';
import { quoteTable } from '../../fixes/identifiers.ts';
import type { Histories } from './readHistories.ts';

/** What is left to execute of a migration of which a part is there, whatever its row says. */
export interface Completion {
  /** in the order of the migration */
  statements: string[];
  /** `migrate` does the same: it goes on after the statements that the row counts */
  isLeftToMigrate: boolean;
}

/**
 * Goes by what is really there: statements ran in their order, so one whose effect does not show (an UPDATE) was executed
 * when what comes next to it, before and after, is there. In doubt it is executed again, unless rows or values go with it.
 *
 * @param done statements that the row counts; null without a row
 */
export function completionOf({ name, statements, transactional }: MigrationFile, done: number | null, histories: Histories): Completion | null {
  // Those of other migrations are repeatable, and some cannot run in the transaction that mends.
  if (!transactional) return null;
  const { expected, reading, structure } = histories;
  const main = expected.schemas[0] ?? 'public';
  const live = presenceIn(reading.catalog);
  const wanted = presenceIn(expected);
  const displaced = new Set(structure.filter(({ kind, renamed }) => renamed !== undefined || /^(RENAMED|MOVED)_/.test(kind)).map(({ lost }) => lost));
  const lost = new Set(structure.flatMap(({ lost: part }) => (part === undefined ? [] : [part])));
  // Constraints and indexes may bear other names.
  const isThere = (part: Part) => live(part) || displaced.has(part.name) || (part.of === 'part' && wanted(part) && live(tableOf(part)) && !lost.has(part.name));
  const isOwn = (part: Part) => (expected.origins[originKey(part, expected.origins)] ?? expected.origins[tableOf(part).name]) === name;

  const clauses = statements.map((statement) => clausesOf(statement, main));
  const shows = clauses.map((list) => {
    const own = list.flatMap(({ makes, repeatable }) => (makes !== null && isOwn(makes) && wanted(makes) && !repeatable ? [isThere(makes)] : []));
    return own.length === 0 ? null : own;
  });
  const isWhole = (index: number) => shows[index]?.every((is) => is) ?? null;
  const neighbour = (index: number, step: 1 | -1): boolean | null => {
    for (let at = index + step; at >= 0 && at < shows.length; at += step) if (shows[at]) return isWhole(at);
    return null;
  };
  const reached = shows.findLastIndex((own) => own?.includes(true));

  const removed: Part[] = [];
  const left = clauses.map((list, index) => {
    const ran = shows[index] === null && index < reached && neighbour(index, -1) !== false && neighbour(index, 1) === true;
    return list.filter((clause) => {
      if (clause.makes === null) {
        const runs = !ran && !(clause.drops && index < reached);
        if (runs && clause.removes !== null) removed.push(clause.removes);
        return runs;
      }
      return clause.repeatable ? !ran : wentWith(clause.makes, removed) || !isThere(clause.makes);
    });
  });
  const goesOn = done !== null && shows.every((own, index) => own === null || (index < done ? own.every((is) => is) : !own.includes(true)));
  // Those that its table should have been made with; without values for the rows that are there they may be NULL.
  const columnsLacking = (table: string) =>
    Object.entries(expected.relations[table]?.columns ?? {})
      .filter(([column]) => expected.origins[`${table}.${column}`] === undefined && isOwn({ of: 'object', name: table }) && !isThere({ of: 'column', name: `${table}.${column}` }))
      .map(([column, definition]) => {
        const { notNull, default: value, identity, generated } = definition;
        return `alter table ${quoteTable(table)} add column ${columnSql(column, { ...definition, notNull: notNull && (value !== null || identity !== '' || generated !== '') })}`;
      });
  const isCertain = ({ makes, repeatable }: Clause) => repeatable || (makes !== null && !wentWith(makes, removed));
  const texts = left.flatMap((list, index) => {
    const isAll = list.length === clauses[index]?.length;
    const columns = isAll ? [] : (clauses[index] ?? []).flatMap(({ makes }) => (makes?.of === 'object' ? columnsLacking(makes.name) : []));
    return isAll && list.every(isCertain) ? [statements[index] ?? ''] : [...columns, ...list.map((clause) => (isCertain(clause) ? clause.sql : unlessDone(clause.sql)))];
  });
  return { statements: texts, isLeftToMigrate: goesOn };
}

/** What PostgreSQL says to something that was done before. */
const doneBefore = 'duplicate_table or duplicate_object or duplicate_column or duplicate_function or duplicate_schema or invalid_table_definition or wrong_object_type or undefined_object';

/** Only what does not show whether it was executed is put to the test. */
function unlessDone(sql: string): string {
  if (/^\s*update\b/i.test(sql)) return sql;
  // Of an index it would be about the rows.
  const tolerated = /^\s*insert\b/i.test(sql) ? 'unique_violation' : doneBefore;
  const statement = sql.replace(/\bdrop\s+column\s+(?!if\b)/i, 'drop column if exists ');
  return `do $done_before$ begin execute $statement$${statement}$statement$; exception when ${tolerated} then null; end $done_before$`;
}

function presenceIn({ relations, enums, functions, sequences, domains }: Catalog): (part: Part) => boolean {
  return ({ of, name }) => {
    switch (of) {
      case 'object':
        return [relations, enums, sequences, domains].some((objects) => name in objects);
      case 'routine':
        return Object.keys(functions).some((signature) => signature.startsWith(`${name}(`));
      case 'column': {
        const { table, rest } = split(name, '.');
        return relations[table]?.columns[rest] !== undefined;
      }
      case 'part': {
        const { table, rest } = split(name, '#');
        const relation = relations[table];
        return relation !== undefined && [relation.constraints, relation.indexes, relation.triggers].some((parts) => rest in parts);
      }
    }
  };
}

function split(name: string, sign: string): { table: string; rest: string } {
  const at = name.lastIndexOf(sign);
  return { table: name.slice(0, at), rest: name.slice(at + 1) };
}

function tableOf({ of, name }: Part): Part {
  if (of === 'object' || of === 'routine') return { of, name };
  return { of: 'object', name: split(name, of === 'column' ? '.' : '#').table };
}

function originKey({ of, name }: Part, origins: Readonly<Record<string, string>>): string {
  return of === 'routine' ? (Object.keys(origins).find((part) => part.startsWith(`${name}(`)) ?? name) : name;
}
