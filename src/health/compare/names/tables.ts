import type { Relation } from '../../catalog.ts';
import type { LiveCatalog } from '../../liveCatalog.ts';
import type { ExpectedCatalog } from '../../expectedCatalog.ts';
import { HISTORY_TABLE } from '../../readCatalog.ts';
import { clearlyBest, overlap } from './similarity.ts';

/** A table with a column more, less or changed is the same table still; one with half of them is another. */
const ALIKE = 0.7;

/** pg-boss names its partitions for queues by a hash. */
const ofQueue = /^pgboss\.j[0-9a-f]{56}$/;

export interface OtherPlaces {
  /** expected name → present name in one of our schemas */
  renamed: Map<string, string>;
  /** expected name → present name in a schema that is not ours */
  moved: Map<string, string>;
}

/** Missing tables that are still there: under another name, or in another schema. A copy without indexes is no such table. */
export function displacedTables(expected: ExpectedCatalog, actual: LiveCatalog, impostors: ReadonlyMap<string, Relation>): OtherPlaces {
  const renamed = new Map<string, string>();
  const moved = new Map<string, string>();
  const strangers = new Set(Object.keys(actual.relations).filter((name) => !expected.relations[name] && !ofQueue.test(name)));
  for (const [table, relation] of Object.entries(expected.relations)) {
    if (actual.relations[table] || table === HISTORY_TABLE) continue;
    const elsewhere = Object.entries(actual.likeOurs).filter(([name, other]) => lastOf(name) === lastOf(table) && isLike(relation, other.columns, other.hasIndex));
    const place = clearlyBest(elsewhere, ([, { columns }]) => overlap(Object.keys(relation.columns), columns));
    if (place) {
      moved.set(table, place[0]);
      continue;
    }
    const neighbour = [...strangers].find((name) => lastOf(name) === lastOf(table) && isStranger(actual.relations[name], relation));
    if (neighbour !== undefined) {
      moved.set(table, neighbour.includes('.') ? neighbour : `${actual.database.schema}.${neighbour}`);
      strangers.delete(neighbour);
      continue;
    }
    const referred = impostors.has(table) ? referredInstead(table, expected, actual).find((name) => strangers.has(name)) : undefined;
    if (referred !== undefined) {
      renamed.set(table, referred);
      strangers.delete(referred);
      continue;
    }
    const candidates = [...strangers].filter((name) => isStranger(actual.relations[name], relation));
    const best = clearlyBest(candidates, (name) => overlap(Object.keys(relation.columns), actual.relations[name]?.columnNames ?? []));
    if (best === undefined) continue;
    renamed.set(table, best);
    strangers.delete(best);
  }
  return { renamed, moved };
}

/** Foreign keys follow their table when it is renamed, whoever takes its name. */
function referredInstead(table: string, { relations }: ExpectedCatalog, actual: LiveCatalog): string[] {
  return Object.entries(relations).flatMap(([other, { constraints }]) =>
    Object.entries(constraints).flatMap(([name, { references }]) => (references?.table === table && other !== table ? (actual.relations[other]?.constraints[name]?.references?.table ?? []) : [])),
  );
}

function isStranger(other: Relation | undefined, relation: Relation): boolean {
  return other?.kind === relation.kind && isLike(relation, other.columnNames ?? [], other.hasIndex ?? false);
}

function isLike({ columns, indexes, kind }: Relation, names: readonly string[], hasIndex: boolean): boolean {
  const ours = Object.keys(columns);
  if (kind === 'r' && Object.keys(indexes).length > 0 && !hasIndex) return false;
  // Of a few columns, any other table may have most.
  return overlap(ours, names) >= (ours.length > 3 ? ALIKE : 1);
}

export function lastOf(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}
