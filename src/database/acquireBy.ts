import { callbackify } from 'node:util';
import type { Pool, PoolClient } from 'pg';

/** Gives a connection, which is to be released. */
export type Acquire = () => Promise<PoolClient>;

/** What is done besides where a connection of a pool is asked for. */
export type Way = (acquire: Acquire, pool: Pool) => Acquire;

/** Whoever asks a pool for a connection asks the last of these ways, which asks the one before it, and the first one the pool. */
export function acquireBy(pool: Pool, ...ways: readonly Way[]): void {
  const acquire = ways.reduce<Acquire>((before, way) => way(before, pool), pool.connect.bind(pool));
  // `pool.query` asks with a callback.
  pool.connect = ((callback?: (error: Error | undefined, client?: PoolClient, release?: PoolClient['release']) => void) => {
    if (!callback) return acquire();
    return callbackify(acquire)((error, client) => callback(error ?? undefined, client, client?.release));
  }) as Pool['connect'];
}
