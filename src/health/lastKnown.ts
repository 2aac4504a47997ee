import { nameOf, stops } from './features.ts';
import { byUrgency } from './finding.ts';
import type { FeatureHealth, SchemaDrift, SchemaHealthReport } from './report.ts';

/**
 * A report with what was found before in the parts that it could not read: a lock hides a difference and a lost connection
 * all of them, and neither mends any. `before` is what this function answered for the report before.
 */
export function lastKnown(report: SchemaHealthReport, before: SchemaHealthReport | null): SchemaHealthReport {
  const found = new Set(report.drift.map(({ id }) => id));
  const hidden = before?.drift.filter((drift) => !found.has(drift.id) && isUnread(drift, report)) ?? [];
  const features = before !== null && report.database === null ? before.features : report.features.map((feature) => withHidden(feature, hidden, before));
  if (hidden.length === 0) return { ...report, features };
  const isBroken = hidden.some(({ severity }) => severity === 'BREAKING');
  return { ...report, status: isBroken ? 'BROKEN' : report.status, drift: byUrgency([...report.drift, ...hidden]), features };
}

function isUnread({ table }: SchemaDrift, { database, unverified }: SchemaHealthReport): boolean {
  return database === null || unverified.some(({ object }) => object === table);
}

function withHidden(feature: FeatureHealth, hidden: readonly SchemaDrift[], before: SchemaHealthReport | null): FeatureHealth {
  const known = before?.features.find((other) => other.feature === feature.feature);
  const stopping = hidden.filter((drift) => stops(drift) && known?.missing.includes(nameOf(drift)));
  if (stopping.length === 0) return feature;
  const missing = [...new Set([...feature.missing, ...stopping.map(nameOf)])];
  const affects = [...new Set([...feature.affects, ...stopping.flatMap((drift) => drift.affects)])].sort();
  return { ...feature, ready: false, missing, affects };
}
