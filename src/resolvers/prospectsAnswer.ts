import type { UserError } from '../domain/errors.ts';
import { toGlobalId } from '../domain/globalId.ts';
import type { Context } from './context.ts';
import { withUserErrors } from './userErrors.ts';

/** What a service says that changed some of many prospects. */
interface Changed {
  /** uuids of the first 100 */
  changedIds: readonly string[];
  changedCount: number;
  failedCount: number;
  /** uuids of the first 100 */
  failedIds: readonly string[];
  userErrors: readonly UserError[];
}

/** What a mutation over many prospects answers before they are read; `result` is null where nothing was done. */
export async function answerProspects<Result extends Changed>(context: Context, run: () => Promise<Result>) {
  const { result, userErrors } = await withUserErrors(run);
  context.refresh();
  return {
    result,
    changedCount: result?.changedCount ?? 0,
    failedCount: result?.failedCount ?? 0,
    changedIds: result?.changedIds ?? [],
    failedIds: (result?.failedIds ?? []).map((id) => toGlobalId('Prospect', id)),
    userErrors: [...userErrors, ...(result?.userErrors ?? [])],
  };
}
