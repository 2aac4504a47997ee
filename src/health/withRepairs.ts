import { findingId, type Finding } from './finding.ts';
import { hashPlan, planRepairs } from './fixes/plan.ts';
import type { Scene } from './fixes/mending.ts';
import type { SchemaDrift, SchemaHealthReport } from './report.ts';
import { aheadBy, summarise } from './verdict.ts';

type Judged = Pick<SchemaHealthReport, 'drift' | 'unverified' | 'migrations'>;

/** Causes that migrating or mending the history ends, and with them what follows. */
const madeByMigrations = /^(MIGRATION_(PENDING|HALF_APPLIED|OUT_OF_ORDER|IN_PROGRESS|FORKED|DUPLICATE)|HISTORY_(CORRUPT|FOREIGN)):/;

/** Adds to a verdict what mends each difference, and the plan of all of it. */
export function withRepairs<T extends Judged>(judged: T, findings: readonly Finding[], scene: Scene): T & Pick<SchemaHealthReport, 'repairPlan' | 'planHash' | 'summary'> {
  const byId = new Map(findings.map((finding) => [findingId(finding), finding]));
  const isAhead = aheadBy(judged.drift) !== null;
  const mendable = judged.drift.flatMap((item) => {
    const finding = byId.get(item.id);
    return finding === undefined || isAhead || isLeftToMigrations(item, judged.drift) ? [] : [[item.id, finding] as const];
  });
  const { fixes, plan: repairPlan } = planRepairs(mendable, scene);
  const drift = judged.drift.map((item) => ({ ...item, fixes: fixes.get(item.id) ?? [] }));
  return {
    ...judged,
    drift,
    repairPlan,
    planHash: repairPlan.length > 0 ? hashPlan(scene.expected.digest, drift, repairPlan) : null,
    summary: summarise({ ...judged, drift }),
  };
}

/** What a migration will make is not made beside it. */
function isLeftToMigrations({ causedBy }: SchemaDrift, drift: readonly SchemaDrift[]): boolean {
  if (causedBy === null || madeByMigrations.test(causedBy)) return causedBy !== null;
  const cause = drift.find(({ id }) => id === causedBy);
  return cause !== undefined && isLeftToMigrations(cause, drift);
}
