import type { ExpectedCatalog } from './expectedCatalog.ts';
import { stopsOperations, type Finding } from './finding.ts';
import type { OperationMap } from './monitor.ts';

/** The GraphQL coordinates that cannot work while the difference lasts. */
export function affectedBy(finding: Finding, expected: ExpectedCatalog, operations: OperationMap): string[] {
  const own: readonly string[] = finding.table && finding.object ? (operations[`${finding.table}#${finding.object}`] ?? []) : [];
  const reached = stopsOperations(finding) ? reach(finding, expected, operations) : [];
  return [...new Set([...own, ...reached])].sort();
}

function reach(finding: Finding, expected: ExpectedCatalog, operations: OperationMap): readonly string[] {
  const { table, column, object, effect } = finding;
  if (table === undefined) return object === undefined ? [] : placesUsing(object, expected).flatMap((place) => ofPlace(place, operations));
  const writesOnly = effect === 'WRITE_FAILS' || effect === 'LOST_WRITE';
  if (writesOnly) return ofTable(table, operations).filter(isWrite);
  return ofPlace({ table, column }, operations);
}

export interface Place {
  table: string;
  column?: string;
}

/** Columns of an enum or with a function in their default; tables whose triggers run a function; tables of a schema. */
export function placesUsing(object: string, { relations, schemas }: ExpectedCatalog): Place[] {
  if (schemas.includes(object)) return tablesOfSchema(object, schemas, relations).map((table) => ({ table }));
  const functionName = object.replace(/\(.*$/, '');
  return Object.entries(relations).flatMap(([table, { columns, triggers }]): Place[] => {
    if (Object.values(triggers).some((trigger) => trigger.function === functionName)) return [{ table }];
    return Object.entries(columns)
      .filter(([, { type, default: value }]) => type.replace(/\[\]$/, '') === object || value?.includes(`${functionName}(`))
      .map(([column]) => ({ table, column }));
  });
}

function tablesOfSchema(schema: string, [main]: readonly string[], relations: ExpectedCatalog['relations']): string[] {
  return Object.keys(relations).filter((table) => (table.includes('.') ? table.startsWith(`${schema}.`) : schema === main));
}

function ofPlace({ table, column }: Place, operations: OperationMap): readonly string[] {
  return column === undefined ? ofTable(table, operations) : (operations[`${table}.${column}`] ?? []);
}

function ofTable(table: string, operations: OperationMap): string[] {
  return Object.entries(operations)
    .filter(([part]) => part === table || part.startsWith(`${table}.`))
    .flatMap(([, coordinates]) => coordinates);
}

function isWrite(coordinate: string): boolean {
  return coordinate.startsWith('Mutation.');
}
