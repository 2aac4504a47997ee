import type { Client } from 'pg';
import { currentScope } from '../limits/RequestScope.ts';
import { cancelStatement } from './cancelStatement.ts';

/** Clients of this class cancel a statement when the operation that it is for is ended, and begin none after that but ROLLBACK. */
export function endingWithRequests<Base extends typeof Client>(base: Base): Base {
  // The constructor of a mixin, and pg's own signature of seven overloads: everything goes on as it came.
  return class extends (base as any) {
    query(...args: any[]): any {
      const scope = currentScope();
      const [text] = args;
      if (scope === undefined || typeof text !== 'string' || typeof args.at(-1) === 'function') return super.query(...args);
      if (scope.ended) return isRollback.test(text) ? super.query(...args) : Promise.reject(scope.ended);
      let cancelled: Promise<void> | null = null;
      const forget = scope.follow(() => {
        cancelled = cancelStatement(this as unknown as Client);
      });
      return super.query(...args).finally(() => {
        forget();
        return cancelled;
      });
    }
  } as any;
}

const isRollback = /^\s*rollback\b/i;
