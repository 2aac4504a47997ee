import { migrate, MigrationLockedError } from '../../migrate/migrate.ts';
import type { RepairStep } from '../report.ts';
import { asUserError } from './pendingSteps.ts';
import type { RepairRecord } from './record.ts';
import type { RepairObserver, RepairProgress } from './run.ts';

export interface MigrationsToApply {
  ownerUrl: string;
  /** one for each pending migration */
  steps: readonly RepairStep[];
  by: string;
  record: RepairRecord;
  observer: RepairObserver;
  log: { info(fields: object, message: string): void };
}

export interface MigrationRun {
  /** resolves when nobody else can migrate any more. Rejects with UserErrors: CONFLICT, SCHEMA_NOT_READY */
  begun: Promise<void>;
  /** waits for the end; each step stands in one of the lists then */
  into(progress: RepairProgress): Promise<void>;
}

/** Applies the pending migrations under the lock and history of migrate, and writes down what became of each. */
export function applyMigrations({ ownerUrl, steps, by, record, observer, log }: MigrationsToApply): MigrationRun {
  const applied = new Map<string, number>();
  let lock = () => {};
  const locked = new Promise<void>((resolve) => {
    lock = resolve;
  });
  const outcome = migrate({
    url: ownerUrl,
    appliedBy: by,
    lockTimeoutMs: 0,
    onLocked: () => lock(),
    onApplied: ({ name, durationMs }) => applied.set(`MIGRATION_PENDING:${name}`, durationMs),
    log: (line) => log.info({ by }, line),
  }).then(
    () => null,
    (error: Error) => error,
  );
  const refused = outcome.then((error) => {
    if (error instanceof MigrationLockedError) throw asUserError(error);
  });
  return {
    begun: Promise.race([locked, refused]),
    async into(progress) {
      await record.set(steps[0]?.id ?? '', 'running');
      const error = await outcome;
      for (const step of steps) {
        const durationMs = applied.get(step.id);
        const isFirstLeft = durationMs === undefined && progress.failed.length === 0;
        if (durationMs !== undefined || error === null) progress.executed.push(step);
        else if (isFirstLeft) progress.failed.push({ ...step, error: error.message });
        else progress.skipped.push(step);
        const state = durationMs !== undefined || error === null ? 'done' : isFirstLeft ? 'failed' : 'skipped';
        const reason = state === 'failed' ? (error?.message ?? null) : null;
        await record.set(step.id, state, { error: reason });
        if (state === 'skipped') observer.skipped?.(step);
        else {
          await record.audit({ action: state === 'done' ? 'schema.migrated' : 'schema.migration_failed', details: { step: step.id, error: reason, durationMs: durationMs ?? null } });
          observer.ended?.({ ...step, error: reason }, durationMs ?? 0);
        }
      }
    },
  };
}
