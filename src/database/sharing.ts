import type { PoolClient } from 'pg';
import { currentScope } from '../limits/RequestScope.ts';
import type { Way } from './acquireBy.ts';

/** Connections of a pool that are left to those who have none. */
const forOthers = 2;

interface Waiting {
  holder: string;
  enter: () => void;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Of a pool that every request of a server shares, each key may have one connection; more only while two are left to others. What it
 * asks for besides waits until it may, as long as the pool would let it wait, and keeps nobody else waiting. What is done for no key has no limit.
 */
export const sharing: Way = (acquire, pool) => {
  const { max = 10, connectionTimeoutMillis = 0 } = pool.options;
  const held = new Map<string, number>();
  const holders = new WeakMap<PoolClient, { holder: string | undefined }>();
  const waiting = new Set<Waiting>();
  /** which were lost, and released, before whoever asked for them had them */
  const lost = new WeakSet<PoolClient>();
  let taken = 0;

  const mayTake = (holder: string | undefined) => holder === undefined || !held.has(holder) || taken < max - forOthers;
  const take = (holder: string | undefined) => {
    taken += 1;
    if (holder !== undefined) held.set(holder, (held.get(holder) ?? 0) + 1);
  };
  const giveBack = (holder: string | undefined) => {
    taken -= 1;
    if (holder !== undefined) {
      const left = held.get(holder)! - 1;
      if (left > 0) held.set(holder, left);
      else held.delete(holder);
    }
    for (const one of waiting) {
      if (!mayTake(one.holder)) continue;
      waiting.delete(one);
      clearTimeout(one.timer);
      take(one.holder);
      one.enter();
    }
  };
  const takeInTurn = (holder: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const one: Waiting = { holder, enter: resolve, timer: undefined };
      waiting.add(one);
      if (connectionTimeoutMillis === 0) return;
      one.timer = setTimeout(() => {
        waiting.delete(one);
        // As the pool has it.
        reject(new Error('timeout exceeded when trying to connect'));
      }, connectionTimeoutMillis);
    });

  pool.on('acquire', (client) => void lost.delete(client));
  pool.on('release', (_error, released) => {
    const client = released as PoolClient;
    const taker = holders.get(client);
    if (!taker) return void lost.add(client);
    holders.delete(client);
    giveBack(taker.holder);
  });
  return async () => {
    const scope = currentScope();
    const holder = scope?.holder;
    if (holder === undefined || mayTake(holder)) take(holder);
    else await takeInTurn(holder);
    try {
      // It may have ended while it waited.
      if (scope?.refusal) throw scope.refusal;
      const client = await acquire();
      if (lost.has(client)) giveBack(holder);
      else holders.set(client, { holder });
      return client;
    } catch (error) {
      giveBack(holder);
      throw error;
    }
  };
};
