import type { ExpectedCatalog } from './expectedCatalog.ts';
import { stopsOperations, type Finding } from './finding.ts';
import type { OperationMap } from './monitor.ts';

/** The GraphQL coordinates that cannot work while the difference lasts; the keys are those of OperationMap. */
export function affectedBy(finding: Finding, expected: ExpectedCatalog, operations: OperationMap): string[] {
  const keys = [...reliedOn(finding), ...(stopsOperations(finding) ? stopped(finding, expected) : [])];
  return [...new Set(keys.flatMap((key) => operations[key] ?? []))].sort();
}

/** A key or constraint by its name: what names it fails without it, however harmless its loss is to others. */
function reliedOn({ table, object, part }: Finding): string[] {
  const name = part ? part.ours : object;
  return table !== undefined && name !== undefined ? [`${table}#${name}`] : [];
}

function stopped(finding: Finding, expected: ExpectedCatalog): string[] {
  const { kind, table, column, object, detail, effect } = finding;
  if (table === undefined) {
    if (object === undefined) return [];
    if (finding.rights) return everywhere(finding.rights, expected);
    if (kind === 'ENUM' && detail !== undefined) return [`${object}=${detail}`];
    return expected.schemas.includes(object) ? tablesOfSchema(object, expected) : [object.replace(/\(.*\)$/, '()')];
  }
  const place = column === undefined ? table : `${table}.${column}`;
  // Whoever gives the column its value needs no default.
  if (kind === 'COLUMN_DEFAULT') return [`${place}#OMITTED`];
  const rights = rightsLost(finding);
  if (rights) return rights.flatMap((right) => (fillsItself(finding) ? [`${table}#${right}`] : [`${place}#${right}`, ...impliedBy(right, finding).map((key) => `${table}#${key}`)]));
  return effect === 'SILENT' ? [place, `${table}#ROWS`] : [place];
}

function everywhere(rights: readonly string[], { relations }: ExpectedCatalog): string[] {
  return Object.keys(relations).flatMap((table) => rights.map((right) => `${table}#${right}`));
}

/** A column that cannot be left out any more stops every insert, whether it names the column or not. */
function fillsItself({ kind }: Finding): boolean {
  return kind === 'EXTRA_COLUMN' || kind === 'COLUMN_NULLABILITY' || kind === 'COLUMN_IDENTITY';
}

/**
 * Who may not update may not lock; what swallows a delete swallows those of a foreign key, which need no right; ON CONFLICT
 * is refused on a table with a rule on inserts or updates.
 */
function impliedBy(right: string, { kind, grant }: Finding): string[] {
  if (grant) return right === 'UPDATE' ? ['LOCK'] : [];
  if (right === 'DELETE') return ['CASCADE'];
  return kind === 'RULE' ? ['CONFLICT'] : [];
}

/** null: whatever touches the place is stopped. */
function rightsLost(finding: Finding): readonly string[] | null {
  const { kind, effect, column, detail, rights } = finding;
  if (rights) return rights;
  if (kind === 'PRIVILEGE' && detail !== undefined) return [detail];
  if (effect !== 'WRITE_FAILS' && effect !== 'LOST_WRITE') return null;
  if (fillsItself(finding)) return ['INSERT'];
  return column === undefined ? ['INSERT', 'UPDATE', 'DELETE'] : ['INSERT', 'UPDATE'];
}

function tablesOfSchema(schema: string, { relations, schemas: [main] }: ExpectedCatalog): string[] {
  return Object.keys(relations).filter((table) => (table.includes('.') ? table.startsWith(`${schema}.`) : schema === main));
}

export interface Place {
  table: string;
  column?: string;
}

/** Columns of an enum or with a function in their default; tables whose triggers run a function; tables of a schema. */
export function placesUsing(object: string, expected: ExpectedCatalog): Place[] {
  if (expected.schemas.includes(object)) return tablesOfSchema(object, expected).map((table) => ({ table }));
  const functionName = object.replace(/\(.*$/, '');
  return Object.entries(expected.relations).flatMap(([table, { columns, triggers }]): Place[] => {
    if (Object.values(triggers).some((trigger) => trigger.function === functionName)) return [{ table }];
    return Object.entries(columns)
      .filter(([, { type, default: value }]) => type.replace(/\[\]$/, '') === object || value?.includes(`${functionName}(`))
      .map(([column]) => ({ table, column }));
  });
}
