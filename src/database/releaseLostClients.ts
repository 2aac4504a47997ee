import type { Pool, PoolClient } from 'pg';

/**
 * Gives the place of a connection that is lost back to the pool. Kysely releases a transaction's connection after its
 * ROLLBACK, which a connection that is gone refuses: each one that the server ends in mid transaction would take its place
 * in the pool along, until there is none.
 */
export function releaseLostClients(pool: Pool): void {
  const held = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => void held.add(client));
  pool.on('release', (_, client) => void held.delete(client as PoolClient));
  pool.on('connect', (client) => {
    client.once('end', () => {
      if (!held.has(client)) return;
      client.release(true);
      // Whoever holds it still may release it too, which the pool would refuse.
      client.release = () => {};
    });
  });
}
