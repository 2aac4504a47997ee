import type { Client } from 'pg';
import type { RepairStep, SchemaDrift } from '../report.ts';
import { watchBlockers } from './blockers.ts';
import { restsOn } from './dependencies.ts';
import type { RepairRecord } from './record.ts';
import type { RepairObserver, RepairProgress } from './run.ts';
import { runStep, type Patience } from './runStep.ts';

export interface StepsToRun {
  client: Client;
  /** looks at what the other one waits for */
  watcher: Client;
  /** the whole plan, in its order */
  plan: readonly RepairStep[];
  /** those of it that are to run */
  chosen: readonly RepairStep[];
  drift: readonly SchemaDrift[];
  record: RepairRecord;
  patience: Patience;
  /** stops it between two steps; whoever aborts cancels the statement that runs */
  signal: AbortSignal;
  observer: RepairObserver;
}

/**
 * Runs the chosen steps one by one, each by itself, because an index is built CONCURRENTLY only outside of a
 * transaction. What rests on a step that was not done is skipped; everything else goes on. Fills `progress`.
 */
export async function runSteps(work: StepsToRun, progress: RepairProgress): Promise<void> {
  const { plan, chosen, drift, record, signal, observer } = work;
  let number = 0;
  for (const step of plan) {
    const isChosen = chosen.includes(step);
    if (isChosen) number += 1;
    const undone = [...progress.failed, ...progress.skipped];
    if (!isChosen || signal.aborted || undone.some((earlier) => restsOn(step, earlier, drift))) {
      progress.skipped.push(step);
      if (isChosen) {
        await record.set(step.id, 'skipped');
        observer.skipped?.(step);
      }
      continue;
    }
    observer.started?.(step, number, chosen.length);
    await record.set(step.id, 'running');
    const started = performance.now();
    const error = await attempt(work, step);
    const durationMs = Math.round(performance.now() - started);
    (error === null ? progress.executed : progress.failed).push({ ...step, error });
    await record.set(step.id, error === null ? 'done' : 'failed', { error });
    await record.audit(auditOf(step, error, durationMs, drift));
    observer.ended?.({ ...step, error }, durationMs);
  }
}

/** Why it failed; null when it is done. */
async function attempt({ client, watcher, record, patience, signal, observer }: StepsToRun, step: RepairStep): Promise<string | null> {
  const blockers = watchBlockers(watcher, (client as Client & { processID?: number }).processID, (who) => {
    void record.set(step.id, 'running', { waitingFor: who });
    observer.waiting?.(step, who);
  });
  try {
    await runStep(client, step, { patience, signal, blockers });
    return null;
  } catch (error) {
    return (error as Error).message;
  } finally {
    blockers.stop();
  }
}

function auditOf({ id, sql, risk, undo, resolves }: RepairStep, error: string | null, durationMs: number, drift: readonly SchemaDrift[]) {
  const concerned = drift.filter((difference) => resolves.includes(difference.id));
  return {
    action: error === null ? ('schema.repaired' as const) : ('schema.repair_failed' as const),
    details: {
      step: id,
      sql,
      risk,
      undo,
      before: Object.fromEntries(concerned.map((difference) => [difference.id, difference.actual ?? difference.message])),
      after: error === null ? Object.fromEntries(concerned.map((difference) => [difference.id, difference.expected])) : null,
      error,
      durationMs,
    },
  };
}
