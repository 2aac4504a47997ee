/**
 * What one subscriber has not taken yet: the latest value of each key, so that a slow reader costs nothing and
 * never sees an old value after a newer one.
 */
export class Conflation<Key, Value> implements AsyncIterableIterator<Value, undefined> {
  readonly #pending = new Map<Key, Value>();
  readonly #onEnd: () => void;
  #waiting: ((result: IteratorResult<Value, undefined>) => void)[] = [];
  #ended = false;

  /** `onEnd` runs once, when the subscriber leaves or the stream completes. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  put(key: Key, value: Value): void {
    if (this.#ended) {
      return;
    }
    const next = this.#waiting.shift();
    if (next) {
      next({ value, done: false });
    } else {
      this.#pending.set(key, value);
    }
  }

  /** Completes after what is pending was taken. */
  end(): void {
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    this.#onEnd();
    this.#waiting.forEach((resolve) => resolve({ value: undefined, done: true }));
    this.#waiting = [];
  }

  async next(): Promise<IteratorResult<Value, undefined>> {
    for (const [key, value] of this.#pending) {
      this.#pending.delete(key);
      return { value, done: false };
    }
    if (this.#ended) {
      return { value: undefined, done: true };
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async return(): Promise<IteratorResult<Value, undefined>> {
    this.#pending.clear();
    this.end();
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<never> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
