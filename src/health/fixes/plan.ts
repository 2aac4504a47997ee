import { createHash } from 'node:crypto';
import type { Finding } from '../finding.ts';
import type { RepairStep, SchemaDrift } from '../report.ts';
import { CATALOG_MS } from './cost.ts';
import { fixesFor } from './fixesFor.ts';
import { stages, type Mending, type Scene } from './mending.ts';

export interface Repairs {
  /** what mends each difference, by its id */
  fixes: Map<string, RepairStep[]>;
  /** the same steps in the order in which they can run, each once */
  plan: RepairStep[];
}

/** Where a repair is written down: mended before anything else of its stage. */
const ledger = ['schema_repairs', 'activities'];

/** Steps for the differences, which come most urgent first. Two that need the same statement share it. */
export function planRepairs(findings: readonly (readonly [id: string, finding: Finding])[], scene: Scene): Repairs {
  const bySql = new Map<string, { step: RepairStep; rank: number }>();
  const fixes = new Map<string, RepairStep[]>();
  for (const [id, finding] of findings) {
    const inOrder = fixesFor(finding, scene).sort((a, b) => rankOf(a, finding) - rankOf(b, finding));
    let own = 0;
    fixes.set(id, inOrder.map((mending) => {
      const shared = bySql.get(mending.sql);
      if (shared) {
        shared.step.resolves.push(id);
        return shared.step;
      }
      own += 1;
      const step = asStep(considering(mending, scene.obstructed.get(id)), own === 1 ? id : `${id}:${own}`, id);
      bySql.set(mending.sql, { step, rank: rankOf(mending, finding) });
      return step;
    }));
  }
  return { fixes, plan: [...bySql.values()].sort((a, b) => a.rank - b.rank).map(({ step }) => step) };
}

/** What is known to fail is not run unless somebody says so. */
function considering(mending: Mending, rows: string | undefined): Mending {
  if (!mending.needsRows || rows === undefined) return mending;
  return { ...mending, risk: mending.risk === 'SAFE' ? 'CAUTION' : mending.risk, note: `It fails until the rows are mended: ${rows}.` };
}

function asStep({ sql, risk, lock, note, estimatedMs = CATALOG_MS, undo }: Mending, id: string, resolves: string): RepairStep {
  return { id, sql, risk, lock, note: note ?? null, estimatedMs, undo: undo ?? null, resolves: [resolves], error: null };
}

function rankOf({ stage, place = 0 }: Mending, { table = '' }: Finding): number {
  return stages.indexOf(stage) + place / 2 - (ledger.includes(table) ? 0.5 : 0);
}

/**
 * Names exactly this plan for exactly these differences from `digest`, the expected catalog. What makes no difference,
 * such as a partition that the queue adds as it runs, does not make a plan stale; nor does a risk that rows change by coming
 * and going: the present one decides what runs.
 */
export function hashPlan(digest: string, drift: readonly SchemaDrift[], plan: readonly RepairStep[]): string {
  const differences = drift.map(({ id, expected, actual, effect }) => [id, expected, actual, effect]);
  const steps = plan.map(({ sql }) => sql);
  return createHash('sha256').update(JSON.stringify([digest, differences, steps])).digest('hex').slice(0, 32);
}
