import { Client } from 'pg';
import { inStatement } from './trace.ts';

/** A client of PostgreSQL whose statements are spans. For `Client` of a pool's options. */
export class TracedClient extends Client {
  // pg's own signature is seven overloads, and everything goes on to them as it came.
  override query(...args: any[]): any {
    const query = super.query.bind(this) as (...args: any[]) => any;
    const text: unknown = typeof args[0] === 'string' ? args[0] : args[0]?.text;
    const isPromised = typeof text === 'string' && typeof args.at(-1) !== 'function' && typeof args[0]?.submit !== 'function';
    return isPromised ? inStatement(text, () => query(...args)) : query(...args);
  }
}
