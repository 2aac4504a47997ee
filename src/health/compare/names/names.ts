import type { Relation } from '../../catalog.ts';
import type { LiveCatalog } from '../../liveCatalog.ts';
import type { ExpectedCatalog } from '../../expectedCatalog.ts';
import { renamedColumns } from './columns.ts';
import { renamedEnums, renamedLabels } from './enums.ts';
import { renamedRoutines } from './routines.ts';
import { impostorsIn } from './impostors.ts';
import { displacedTables, type OtherPlaces } from './tables.ts';

/** What is called otherwise than we expect, or stands elsewhere: expected name → present name. */
export interface Names extends OtherPlaces {
  /** schemas whose tables are all to be found in one other; null: nowhere */
  schemas: ReadonlyMap<string, string | null>;
  /** by the table's expected name */
  columns: ReadonlyMap<string, ReadonlyMap<string, string>>;
  enums: ReadonlyMap<string, string>;
  /** by the enum's expected name */
  labels: ReadonlyMap<string, ReadonlyMap<string, string>>;
  routines: ReadonlyMap<string, string>;
  /** tables that bear the name of ours and are others */
  impostors: ReadonlyMap<string, Relation>;
}

/** The live catalog without the tables that only bear the names of ours, and with what they are. */
export function withoutImpostors(expected: ExpectedCatalog, actual: LiveCatalog): { impostors: Names['impostors']; catalog: LiveCatalog } {
  const impostors = impostorsIn(expected, actual);
  if (impostors.size === 0) return { impostors, catalog: actual };
  const relations = Object.fromEntries(Object.entries(actual.relations).filter(([table]) => !impostors.has(table)));
  return { impostors, catalog: { ...actual, relations } };
}

export function namesOf(expected: ExpectedCatalog, actual: LiveCatalog, impostors: Names['impostors']): Names {
  const places = displacedTables(expected, actual, impostors);
  const columns = new Map<string, Map<string, string>>();
  for (const [table, relation] of Object.entries(expected.relations)) {
    const found = actual.relations[table]?.columns ?? {};
    const renamed = Object.keys(found).length > 0 ? renamedColumns(relation.columns, found, (column) => isAddedLater(table, column, expected, actual)) : new Map<string, string>();
    if (renamed.size > 0) columns.set(table, renamed);
  }
  const enums = renamedEnums(expected, actual, (table, column) => columns.get(table)?.get(column) ?? column);
  const labels = new Map<string, Map<string, string>>();
  for (const [name, list] of Object.entries(expected.enums)) {
    const renamed = renamedLabels(list, actual.enums[enums.get(name) ?? name] ?? list, actual.relabelled[enums.get(name) ?? name] ?? []);
    if (renamed.size > 0) labels.set(name, renamed);
  }
  return { ...places, schemas: displacedSchemas(expected, actual, places), columns, enums, labels, routines: renamedRoutines(expected, actual), impostors };
}

/** Whether a later migration than its table's made the column; null where nothing else shows that it was applied. */
function isAddedLater(table: string, column: string, { origins, relations }: ExpectedCatalog, actual: LiveCatalog): boolean | null {
  const origin = origins[`${table}.${column}`];
  if (origin === undefined) return false;
  const isThere = (part: string) => (part in relations ? part in actual.relations : part in actual.enums || part in actual.functions);
  const parts = Object.keys(origins).filter((part) => origins[part] === origin && !part.startsWith(`${table}.`) && !part.startsWith(`${table}#`));
  const whole = parts.filter((part) => part in relations || !/[.#]/.test(part.replace(/^pgboss\./, '')));
  return whole.length > 0 && !whole.some(isThere) ? null : true;
}

/** A schema of ours of which nothing is left; not the main one, whose loss is told by the history. */
function displacedSchemas({ schemas: [, ...others], relations }: ExpectedCatalog, actual: LiveCatalog, { moved }: OtherPlaces): Map<string, string | null> {
  const gone = new Map<string, string | null>();
  const isMigrated = Object.keys(relations).some((table) => !table.includes('.') && actual.relations[table]);
  if (!isMigrated) return gone;
  for (const schema of others) {
    const within = (parts: object) => Object.keys(parts).filter((name) => name.startsWith(`${schema}.`));
    const tables = within(relations);
    if (tables.length < 2 || within(actual.relations).length > 0 || within(actual.enums).length > 0) continue;
    const places = new Set(tables.map((table) => moved.get(table)?.split('.')[0]));
    const [place] = places;
    if (places.size === 1) gone.set(schema, place ?? null);
  }
  return gone;
}
