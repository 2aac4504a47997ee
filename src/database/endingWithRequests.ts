import type { Client } from 'pg';
import { currentScope } from '../limits/RequestScope.ts';
import type { Way } from './acquireBy.ts';
import { cancelStatement } from './cancelStatement.ts';

/**
 * Rows of which there can be any number are decided on in one statement, and how many was said: the limit of a statement is
 * for those that somebody waits for. Waiting for a lock stays as short as it was.
 */
const takeTime = `
  select set_config('lock_timeout', coalesce(nullif(current_setting('statement_timeout'), '0'), current_setting('lock_timeout')), true),
    set_config('statement_timeout', '10min', true)`;

/**
 * Clients of this class cancel a statement when the operation that it is for is ended, and begin none after that but ROLLBACK;
 * transactions of an operation that may take long have the time.
 */
export function endingWithRequests<Base extends typeof Client>(base: Base): Base {
  // The constructor of a mixin, and pg's own signature of seven overloads: everything goes on as it came.
  return class extends (base as any) {
    query(...args: any[]): any {
      const scope = currentScope();
      const [text] = args;
      if (scope === undefined || typeof text !== 'string' || typeof args.at(-1) === 'function') return super.query(...args);
      if (scope.refusal) return isRollback.test(text) ? super.query(...args) : Promise.reject(scope.refusal);
      let cancelled: Promise<void> | null = null;
      const forget = scope.follow(() => {
        cancelled = cancelStatement(this as unknown as Client);
      });
      const answered = scope.isUnhurried && isBegin.test(text) ? super.query(...args).then(() => super.query(takeTime)) : super.query(...args);
      return answered.finally(() => {
        forget();
        return cancelled;
      });
    }
  } as any;
}

const isRollback = /^\s*rollback\b/i;
const isBegin = /^\s*(begin|start transaction)\b/i;

/** Whoever may begin no statement any more does not wait for a connection either. */
export const refusing: Way = (acquire) => () => {
  const refusal = currentScope()?.refusal;
  return refusal ? Promise.reject(refusal) : acquire();
};
