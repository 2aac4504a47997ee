import { featureOf, nameOf } from './features.ts';
import type { MissingParts } from './monitor.ts';
import type { SchemaDrift, SchemaHealthReport } from './report.ts';
import { mendingCommand } from './verdict.ts';

/**
 * What keeps any of these coordinates from working according to the report; null when all can work.
 *
 * @param quietly only what no error would tell a reader: rows that are hidden, writes that vanish or fail elsewhere
 */
export function missingFor(report: SchemaHealthReport, coordinates: readonly string[], quietly: boolean): MissingParts | null {
  const wanted = new Set(coordinates);
  const isLoud = ({ effect }: SchemaDrift) => effect === 'FAILS' || effect === 'READ_FAILS';
  return partsOf(report, (drift) => !(quietly && isLoud(drift)) && drift.affects.some((coordinate) => wanted.has(coordinate)));
}

/** What an error of PostgreSQL is about, by the names in its message, such as `relation "social_profiles" does not exist`. */
export function missingIn(report: SchemaHealthReport, message: string): MissingParts | null {
  const words = new Set(message.match(/\w+/g));
  return partsOf(report, ({ severity, table, column, object }) => {
    const name = column ?? object?.replace(/\(.*/, '') ?? table;
    return severity === 'BREAKING' && name !== null && words.has(name.slice(name.lastIndexOf('.') + 1));
  });
}

function partsOf(report: SchemaHealthReport, concerns: (drift: SchemaDrift) => boolean): MissingParts | null {
  const found = report.drift.filter(concerns);
  const [first] = found;
  if (!first) return null;
  const missing = [...new Set(found.map(nameOf))];
  return {
    feature: report.features.find((feature) => feature.missing.includes(nameOf(first)))?.feature ?? featureOf(first.table) ?? 'PROSPECTS',
    missing,
    fix: mendingCommand(withCauses(found, report.drift)) ?? 'outrider schema check',
  };
}

/** What mends a cause mends its consequences. */
function withCauses(found: readonly SchemaDrift[], all: readonly SchemaDrift[]): SchemaDrift[] {
  const byId = new Map(all.map((drift) => [drift.id, drift]));
  const chain = new Set(found);
  for (const { causedBy } of chain) {
    const cause = causedBy === null ? undefined : byId.get(causedBy);
    if (cause) chain.add(cause);
  }
  return [...chain];
}
