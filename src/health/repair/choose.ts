import { UserErrorCode, UserErrors, type UserError } from '../../domain/errors.ts';
import type { RepairStep, SchemaHealthReport } from '../report.ts';

export interface RepairRequest {
  /** of the plan that was read */
  planHash?: string | null;
  /** every SAFE step when absent */
  stepIds?: readonly string[] | null;
}

/**
 * The steps that were asked for, in the order of the plan. What can lose data is never run from here.
 * @throws {UserErrors} INVALID for ids that are not in the plan or name a DANGEROUS step
 */
export function chooseSteps({ repairPlan }: SchemaHealthReport, stepIds: RepairRequest['stepIds']): RepairStep[] {
  if (!stepIds) return repairPlan.filter(({ risk }) => risk === 'SAFE');
  const byId = new Map(repairPlan.map((step) => [step.id, step]));
  const errors = stepIds.flatMap((id, index): UserError[] => {
    const step = byId.get(id);
    const problem = !step ? 'The plan has no step with this id' : step.risk === 'DANGEROUS' ? 'This step is DANGEROUS and never run from here' : null;
    return problem === null ? [] : [{ code: UserErrorCode.INVALID, message: `${problem}: ${id}.`, field: ['input', 'stepIds', String(index)] }];
  });
  if (errors.length > 0) throw new UserErrors(...errors);
  const wanted = new Set(stepIds);
  return repairPlan.filter(({ id }) => wanted.has(id));
}

const field = ['input', 'planHash'];

/** @throws {UserErrors} INVALID without a hash */
export function requireHash(planHash: string | null | undefined): asserts planHash is string {
  if (planHash) return;
  throw new UserErrors({ code: UserErrorCode.INVALID, message: 'Give the planHash of the plan that you read, or ask for a dry run.', field });
}

/** @throws {UserErrors} STALE when the hash names another plan or another schema than the present ones */
export function requirePlan({ planHash: present, repairPlan }: SchemaHealthReport, planHash: string): void {
  if (planHash === present) return;
  const now = repairPlan.length === 0 ? 'there is nothing to repair now' : 'read the plan again';
  throw new UserErrors({ code: UserErrorCode.STALE, message: `The schema or the plan is another than the one that you read: ${now}. Nothing was changed.`, field });
}
