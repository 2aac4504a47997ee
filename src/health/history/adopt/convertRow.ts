import type { Column, Relation } from '../../catalog.ts';
import type { ExpectedCatalog } from '../../expectedCatalog.ts';
import { sourcesOf } from './aliases.ts';
import { convertValue, idOf, NotConvertible } from './convertValue.ts';
import { derive, type Note, type TargetRow } from './derive.ts';

/** How one table's rows are converted: computed once, from the columns on both sides. */
export interface TableMapping {
  table: string;
  columns: ColumnMapping[];
  /** columns there that nothing here takes: their values stay in the table that is set aside */
  unused: string[];
}

interface ColumnMapping {
  name: string;
  column: Column;
  /** columns there, the likeliest first; none: the default, or computed */
  sources: string[];
  /** whose id it is, or refers to */
  idOfTable: string | null;
}

export function mapTable(table: string, { relations }: ExpectedCatalog, there: Readonly<Record<string, unknown>>): TableMapping {
  const relation = relations[table] as Relation;
  const columns = Object.entries(relation.columns)
    .filter(([, { generated }]) => generated === '')
    .map(([name, column]): ColumnMapping => ({ name, column, sources: sourcesOf(table, name).filter((source) => source in there), idOfTable: column.type === 'uuid' ? tableOfId(table, name, relation) : null }));
  const used = new Set(columns.flatMap(({ sources }) => sources));
  return { table, columns, unused: Object.keys(there).filter((name) => !used.has(name) && relation.columns[name]?.generated === undefined) };
}

/**
 * A row of ours for a row of theirs, without columns that get their default.
 * @throws {NotConvertible} naming the column
 */
export function convertRow({ table, columns }: TableMapping, { enums }: ExpectedCatalog, row: TargetRow, note: Note): TargetRow {
  const converted: TargetRow = {};
  for (const { name, column, sources, idOfTable } of columns) {
    const source = sources.find((candidate) => row[candidate] !== null && row[candidate] !== '');
    const value = source === undefined ? null : row[source];
    converted[name] = value === null ? null : idOfTable !== null ? idOf(idOfTable, value) : ofColumn(`${table}.${name}`, column, enums, value, note);
  }
  derive(table, converted, note);
  const lacking = columns.find(({ name, column }) => converted[name] === null && column.notNull && column.default === null && column.identity === '');
  if (lacking) throw new NotConvertible(`${lacking.name} is missing, and has no default`);
  return converted;
}

function ofColumn(place: string, column: Column, enums: ExpectedCatalog['enums'], value: unknown, note: Note): unknown {
  try {
    return convertValue(place, column, enums, value, note);
  } catch (error) {
    if (!(error instanceof NotConvertible)) throw error;
    throw new NotConvertible(`${place.slice(place.indexOf('.') + 1)} ${error.message}`);
  }
}

/** Keys of one column say whose ids they hold; without one the name does: target_id and subject_id mean prospects. */
function tableOfId(table: string, name: string, { constraints }: Relation): string {
  const key = Object.values(constraints).find(({ type, columns }) => type === 'f' && columns.length === 1 && columns[0] === name);
  if (key?.references) return key.references.table;
  return name === 'id' ? table : name === 'subject_id' || name === 'target_id' ? 'prospects' : `${table}.${name}`;
}
