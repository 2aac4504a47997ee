import { AsyncLocalStorage } from 'node:async_hooks';

/** What every line of the log says of the work that it is about. */
export interface LogContext {
  requestId?: string;
  jobId?: string;
}

const context = new AsyncLocalStorage<LogContext>();

/** Whatever `work` logs, now or later, says so. */
export const inLogContext = <T>(fields: LogContext, work: () => T): T => context.run({ ...context.getStore(), ...fields }, work);

/** A new object each time: the logger writes into it. */
export const logContext = (): LogContext => ({ ...context.getStore() });

export const currentRequestId = (): string | undefined => context.getStore()?.requestId;
