/**
 * What a source calls back with, as an iterator. A slow reader gets the latest value and skips those in between, so
 * that nothing piles up.
 *
 * @param listen begins to listen and answers how to stop; called at once, so that nothing is missed
 */
export function iterate<Value extends object | string>(listen: (push: (value: Value) => void) => () => void): AsyncIterableIterator<Value> {
  let waiting: ((result: IteratorResult<Value>) => void) | null = null;
  let latest: Value | null = null;
  let ended = false;
  const stop = listen((value) => {
    if (waiting) {
      waiting({ value, done: false });
      waiting = null;
    } else {
      latest = value;
    }
  });
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next() {
      if (ended) return Promise.resolve({ value: undefined, done: true });
      if (latest !== null) {
        const value = latest;
        latest = null;
        return Promise.resolve({ value, done: false });
      }
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
    return() {
      ended = true;
      stop();
      waiting?.({ value: undefined, done: true });
      return Promise.resolve({ value: undefined, done: true });
    },
  };
}
