import { readOnce } from '../memory/readOnce.ts';
import type { RepairStep } from '../report.ts';

/** A step of a repair, as it was written down. */
export interface RecordedStep {
  step: RepairStep;
  state: 'PENDING' | 'RUNNING' | 'DONE' | 'FAILED' | 'SKIPPED';
  startedAt: Date | null;
  finishedAt: Date | null;
  /** who keeps it waiting */
  waitingFor: string | null;
}

/** A repair or a migration, as it was written down by whatever process runs it. */
export interface RecordedRepair {
  id: string;
  action: 'REPAIR' | 'MIGRATE';
  state: 'RUNNING' | 'DONE' | 'FAILED';
  requestedBy: string;
  planHash: string | null;
  startedAt: Date;
  /** renewed every two seconds while it runs; older than that, and its process has died */
  seenAt: Date;
  finishedAt: Date | null;
  error: string | null;
  steps: RecordedStep[];
}

/** Repairs, the newest first; null when they could not be read, and then why. */
export interface RepairHistory {
  repairs: RecordedRepair[] | null;
  error: string | null;
}

type Row = Omit<RecordedRepair, 'steps'> & { steps: WrittenStep[] };
/** JSON has no dates and no capitals. */
type WrittenStep = RepairStep & { state: Lowercase<RecordedStep['state']>; startedAt: string | null; finishedAt: string | null; waitingFor: string | null };

/** Never throws. */
export async function readRepairs(url: string, schema: string, first: number): Promise<RepairHistory> {
  const { rows, error } = await readOnce<Row>(
    url,
    schema,
    `select id, upper(action) as action, upper(state) as state, requested_by as "requestedBy", plan_hash as "planHash", created_at as "startedAt",
       seen_at as "seenAt", finished_at as "finishedAt", error, steps from schema_repairs order by created_at desc, id desc limit ${Math.trunc(first)}`,
  );
  return { repairs: rows?.map((row) => ({ ...row, steps: row.steps.map(stepOf) })) ?? null, error: error === null ? null : `What was repaired cannot be read: ${error}.` };
}

function stepOf({ state, startedAt, finishedAt, waitingFor, ...step }: WrittenStep): RecordedStep {
  const date = (at: string | null) => (at === null ? null : new Date(at));
  return { step, state: state.toUpperCase() as RecordedStep['state'], startedAt: date(startedAt), finishedAt: date(finishedAt), waitingFor };
}
