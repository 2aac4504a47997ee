import type { ExecutionRequest, Executor } from '../execution/executor.ts';
import { deadlineExceeded, endInTime } from '../limits/endInTime.ts';
import { holderOf } from '../limits/holderOf.ts';
import { OperationEnded } from '../limits/RequestScope.ts';
import type { ServerContext } from './context.ts';

/** Each operation ends at its deadline, or when whoever asked has left. `write` rejects with OperationEnded then. */
export function endOperations(executor: Executor, deadlineMs: number): Executor {
  const timed = ({ document, operationName, context }: ExecutionRequest) => {
    const { actor, onLeave, scope } = context as ServerContext;
    return { document, operationName, holder: holderOf(actor), onLeave, scope };
  };
  return {
    ...executor,
    execute: (request) =>
      endInTime(timed(request), deadlineMs, () => executor.execute(request)).catch((error: unknown) => {
        if (error instanceof OperationEnded) return { errors: [deadlineExceeded(error)] };
        throw error;
      }),
    write: (request) => endInTime(timed(request), deadlineMs, () => executor.write(request)),
  };
}
