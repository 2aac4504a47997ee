import { createHash } from 'node:crypto';
import { affectedBy, placesUsing } from './affects.ts';
import type { LiveCatalog } from './liveCatalog.ts';
import { withConsequence } from './consequences.ts';
import { causesOf } from './causes.ts';
import { compareCode } from './compare/codeGap.ts';
import { compareCatalogs } from './compare/compareCatalogs.ts';
import type { ExpectedCatalog } from './expectedCatalog.ts';
import { judgeFeatures } from './features.ts';
import { byUrgency, findingId, severityOf, type Finding } from './finding.ts';
import { compareHistory } from './history/compareHistory.ts';
import type { OperationMap } from './monitor.ts';
import { HISTORY_TABLE, type Reading } from './readCatalog.ts';
import type { SchemaDrift, SchemaHealthReport, UnverifiedPart } from './report.ts';
import { asMemory } from './memory/tables.ts';
import { statusOf } from './verdict.ts';
import { withRepairs } from './withRepairs.ts';

/** What a check found, but for the circumstances of the check itself. */
export type Judgement = Pick<
  SchemaHealthReport,
  'status' | 'summary' | 'fingerprint' | 'migrations' | 'drift' | 'features' | 'unverified' | 'blockers' | 'repairPlan' | 'planHash'
>;

/** Takes out the differences in spelling that mean the same. */
export type Prove = (findings: Finding[]) => Promise<Finding[]>;

/** Compares one reading with what is expected, and ranks what differs by what it does to people. */
export async function judge(expected: ExpectedCatalog, reading: Reading, operations: OperationMap, prove: Prove): Promise<Judgement & { findings: Finding[] }> {
  const { catalog } = reading;
  const { history, findings } = compareHistory(expected, reading, [...compareCode(expected, operations), ...(await prove(compareCatalogs(expected, catalog))).map(asMemory).map(withConsequence)]);

  const drift = rank(findings, expected, catalog, operations);
  const judged = { drift, unverified: unverifiedParts(reading), migrations: history, fingerprint: createHash('sha256').update(catalog.fingerprint + expected.digest).digest('hex').slice(0, 32) };
  return {
    ...withRepairs(judged, findings, { expected, live: catalog, obstructed: new Map() }),
    findings,
    status: statusOf(judged),
    features: judgeFeatures(drift, (object) => placesUsing(object, expected).map(({ table }) => table)),
    blockers: catalog.blockers,
  };
}

function rank(findings: readonly Finding[], expected: ExpectedCatalog, catalog: LiveCatalog, operations: OperationMap): SchemaDrift[] {
  const causes = causesOf(findings, expected);
  const drift = findings.map((finding): SchemaDrift => {
    const id = findingId(finding);
    const causedBy = causes.get(id) ?? null;
    return {
      id,
      kind: finding.kind,
      severity: severityOf(finding),
      table: finding.table ?? null,
      column: finding.column ?? null,
      object: finding.object ?? null,
      effect: finding.effect,
      sqlState: finding.sqlState ?? null,
      expected: finding.expected ?? null,
      actual: finding.actual ?? null,
      message: finding.message,
      evidence: null,
      causedBy,
      affects: affectedBy(finding, expected, operations),
      since: null,
      change: null,
      fixes: [],
    };
  });
  return byUrgency(drift);
}

function unverifiedParts({ catalog, history }: Reading): UnverifiedPart[] {
  const reason = 'another session holds it under ACCESS EXCLUSIVE, so its defaults, checks and expressions could not be read';
  const parts = catalog.locked.map((object) => ({ object, reason }));
  if ('error' in history && history.locked && !catalog.locked.includes(HISTORY_TABLE)) parts.push({ object: HISTORY_TABLE, reason: history.error });
  return parts;
}
