import type { Pool, PoolClient } from 'pg';
import { currentScope } from '../limits/RequestScope.ts';

/** Connections that one key leaves to others. */
const forOthers = 2;

interface Share {
  held: number;
  waiting: { enter: () => void; timer: NodeJS.Timeout | undefined }[];
}

/**
 * Of a pool that every request of a server shares, one key has all connections but two at a time: what it asks for besides waits for its
 * own to come back, as long as the pool would let it wait, and keeps nobody else waiting.
 */
export function shareConnections(pool: Pool): void {
  const connect = pool.connect.bind(pool) as () => Promise<PoolClient>;
  const { max = 10, connectionTimeoutMillis = 0 } = pool.options;
  const most = Math.max(1, max - forOthers);
  const shares = new Map<string, Share>();
  const holders = new WeakMap<PoolClient, string>();

  const leave = (holder: string) => {
    const share = shares.get(holder)!;
    const next = share.waiting.shift();
    if (next) {
      clearTimeout(next.timer);
      next.enter();
    } else {
      share.held -= 1;
      if (share.held === 0) shares.delete(holder);
    }
  };

  const enter = (holder: string): Promise<void> | undefined => {
    const share = shares.get(holder) ?? { held: 0, waiting: [] };
    shares.set(holder, share);
    if (share.held < most) {
      share.held += 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const waiting: Share['waiting'][number] = { enter: resolve, timer: undefined };
      share.waiting.push(waiting);
      if (connectionTimeoutMillis === 0) return;
      waiting.timer = setTimeout(() => {
        share.waiting.splice(share.waiting.indexOf(waiting), 1);
        // As the pool has it.
        reject(new Error('timeout exceeded when trying to connect'));
      }, connectionTimeoutMillis);
    });
  };

  pool.on('release', (_error, client) => {
    const holder = holders.get(client as PoolClient);
    if (holder === undefined) return;
    holders.delete(client as PoolClient);
    leave(holder);
  });
  pool.connect = (async () => {
    const holder = currentScope()?.holder;
    if (holder === undefined) return connect();
    await enter(holder);
    try {
      const refusal = currentScope()?.refusal;
      if (refusal) throw refusal;
      const client = await connect();
      holders.set(client, holder);
      return client;
    } catch (error) {
      leave(holder);
      throw error;
    }
  }) as Pool['connect'];
}
