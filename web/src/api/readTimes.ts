import { type Exchange, mapExchange } from 'urql';

const times = new Map<number, number>();

/** Remembers when the network last answered each query. It stands after the cache, which answers without asking. */
export const readTimes: Exchange = mapExchange({
  onResult({ operation, data }) {
    if (operation.kind === 'query' && data) times.set(operation.key, Date.now());
  },
});

/** When the query with this key was last answered by the network, in ms since the epoch; undefined: not yet. */
export function readAt(key: number): number | undefined {
  return times.get(key);
}
