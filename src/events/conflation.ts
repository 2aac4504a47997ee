/** The state of one thing, as a reader of a stream gets it. */
export interface Change<Value> {
  /** what it is the state of */
  key: string;
  value: Value;
  /** false: told before, and read again for those who asked */
  isNews: boolean;
  /** It was read after every `ask` up to this number. */
  answers: number;
}

export interface Taken<Value> {
  changes: Change<Value>[];
  /** Every `ask` up to this number stays without an answer: the state could not be read. */
  refused: number;
}

export interface ConflationOptions {
  /** Runs once, when the reader leaves or the stream completes. */
  onEnd(): void;
  /** Has the present state read once more; the number of the question. Without it there is no state, only news. */
  ask?(): number;
}

/**
 * What one reader has not taken yet: the latest value of each key, so that a slow reader costs nothing and never sees an
 * old value after a newer one. Read it by iterating, or by `take` and `ask` on behalf of several.
 */
export class Conflation<Value> implements AsyncIterableIterator<Value, undefined> {
  readonly #pending = new Map<string, Change<Value>>();
  readonly #options: ConflationOptions;
  #waiting: (() => void)[] = [];
  /** the last question that is open */
  #asked = 0;
  #refused = 0;
  #ended = false;

  constructor(options: ConflationOptions) {
    this.#options = options;
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  /** What is no news is for those alone who asked before it was read. */
  put(key: string, value: Value, { isNews = true, answers = 0 } = {}): void {
    if (this.#ended || (!isNews && this.#asked === 0)) return;
    if (answers >= this.#asked) this.#asked = 0;
    const before = this.#pending.get(key);
    this.#pending.set(key, { key, value, isNews: isNews || before?.isNews === true, answers: Math.max(answers, before?.answers ?? 0) });
    this.#wake();
  }

  /** The state could not be read: the questions up to this one stay open no longer. */
  refuse(answers: number): void {
    if (this.#ended || this.#asked === 0) return;
    if (answers >= this.#asked) this.#asked = 0;
    this.#refused = answers;
    this.#wake();
  }

  /** The present state is wanted again, by somebody who came later. 0: there is none to be had. */
  ask(): number {
    return (this.#asked = this.#options.ask?.() ?? 0);
  }

  /** Completes after what is pending was taken. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.onEnd();
    this.#waiting.splice(0).forEach((wake) => wake());
  }

  /** Everything that is pending, as soon as there is something; null at the end. */
  async take(): Promise<Taken<Value> | null> {
    while (this.#pending.size === 0 && this.#refused === 0) {
      if (this.#ended) return null;
      await this.#change();
    }
    const taken = { changes: [...this.#pending.values()], refused: this.#refused };
    this.#pending.clear();
    this.#refused = 0;
    return taken;
  }

  async next(): Promise<IteratorResult<Value, undefined>> {
    for (;;) {
      for (const [key, { value }] of this.#pending) {
        this.#pending.delete(key);
        return { value, done: false };
      }
      if (this.#ended) return { value: undefined, done: true };
      await this.#change();
    }
  }

  async return(): Promise<IteratorResult<Value, undefined>> {
    this.#pending.clear();
    this.end();
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<IteratorResult<Value, undefined>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #change(): Promise<void> {
    return new Promise((wake) => this.#waiting.push(wake));
  }

  #wake(): void {
    this.#waiting.shift()?.();
  }
}
