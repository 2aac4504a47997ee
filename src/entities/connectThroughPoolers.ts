import type { Pool, PoolClient } from 'pg';

/**
 * PgBouncer refuses to connect anybody who asks for a statement_timeout, unless its `ignore_startup_parameters` names it: then
 * connects without, and what limits a statement is up to the pooler.
 */
export function connectThroughPoolers(pool: Pool): void {
  const connect = pool.connect.bind(pool) as () => Promise<PoolClient>;
  pool.connect = (async () => {
    try {
      return await connect();
    } catch (error) {
      if (!isRefusedParameter(error)) throw error;
      delete (pool.options as { statement_timeout?: number }).statement_timeout;
      return connect();
    }
  }) as Pool['connect'];
}

function isRefusedParameter(error: unknown): boolean {
  const { code, message = '' } = error as { code?: string; message?: string };
  return code === '08P01' && message.includes('statement_timeout');
}
