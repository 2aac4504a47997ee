import { createHash } from 'node:crypto';
import { affectedBy, placesUsing } from './affects.ts';
import type { LiveCatalog } from './catalog.ts';
import { causesOf } from './causes.ts';
import { compareCatalogs } from './compare/compareCatalogs.ts';
import type { ExpectedCatalog } from './expectedCatalog.ts';
import { judgeFeatures } from './features.ts';
import { byUrgency, findingId, severityOf, type Finding } from './finding.ts';
import { hashPlan, planRepairs } from './fixes/plan.ts';
import { compareHistory } from './history/compareHistory.ts';
import type { OperationMap } from './monitor.ts';
import { HISTORY_TABLE, type Reading } from './readCatalog.ts';
import type { SchemaDrift, SchemaHealthReport, UnverifiedPart } from './report.ts';
import { statusOf, summarise } from './verdict.ts';

/** What a check found, but for the circumstances of the check itself. */
export type Judgement = Pick<
  SchemaHealthReport,
  'status' | 'summary' | 'fingerprint' | 'migrations' | 'drift' | 'features' | 'unverified' | 'blockers' | 'repairPlan' | 'planHash'
>;

/** Takes out the differences in spelling that mean the same. */
export type Prove = (findings: Finding[]) => Promise<Finding[]>;

/** Causes that migrating or mending the history ends, and with them what follows. */
const madeByMigrations = /^(MIGRATION_(PENDING|HALF_APPLIED|OUT_OF_ORDER|IN_PROGRESS|FORKED)|HISTORY_(CORRUPT|FOREIGN)):/;

/** Compares one reading with what is expected, and ranks what differs by what it does to people. */
export async function judge(expected: ExpectedCatalog, reading: Reading, operations: OperationMap, prove: Prove): Promise<Judgement & { findings: Finding[] }> {
  const { catalog } = reading;
  const { history, findings } = compareHistory(expected, reading, await prove(compareCatalogs(expected, catalog)));

  const ranked = rank(findings, expected, catalog, operations);
  const byId = new Map(findings.map((finding) => [findingId(finding), finding]));
  const mendable = ranked.flatMap((item) => {
    const finding = byId.get(item.id);
    return finding === undefined || isLeftToMigrations(item, ranked) ? [] : [[item.id, finding] as const];
  });
  const { fixes, plan: repairPlan } = planRepairs(mendable, { expected, live: catalog });
  const drift = ranked.map((item) => ({ ...item, fixes: fixes.get(item.id) ?? [] }));
  const unverified = unverifiedParts(reading);
  const fingerprint = createHash('sha256').update(catalog.fingerprint + expected.digest).digest('hex').slice(0, 32);
  const judged = { drift, unverified, migrations: history };
  return {
    ...judged,
    findings,
    status: statusOf(judged),
    summary: summarise(judged),
    fingerprint,
    features: judgeFeatures(drift, (object) => placesUsing(object, expected).map(({ table }) => table)),
    blockers: catalog.blockers,
    repairPlan,
    planHash: repairPlan.length > 0 ? hashPlan(fingerprint, repairPlan) : null,
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

/** What a migration will make is not made beside it. */
function isLeftToMigrations({ causedBy }: SchemaDrift, drift: readonly SchemaDrift[]): boolean {
  if (causedBy === null || madeByMigrations.test(causedBy)) return causedBy !== null;
  const cause = drift.find(({ id }) => id === causedBy);
  return cause !== undefined && isLeftToMigrations(cause, drift);
}

function unverifiedParts({ catalog, history }: Reading): UnverifiedPart[] {
  const reason = 'another session holds it under ACCESS EXCLUSIVE, so its defaults, checks and expressions could not be read';
  const parts = catalog.locked.map((object) => ({ object, reason }));
  if ('error' in history && history.locked && !catalog.locked.includes(HISTORY_TABLE)) parts.push({ object: HISTORY_TABLE, reason: history.error });
  return parts;
}
