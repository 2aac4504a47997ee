import { AsyncLocalStorage } from 'node:async_hooks';

/** Why an operation ended before it was done: its deadline has passed, or whoever asked has left. */
export type Ending = 'deadline' | 'left';

/** What an operation that was ended rejects with, and each statement that it would begin after that. */
export class OperationEnded extends Error {
  override readonly name = 'OperationEnded';
  /** as if PostgreSQL had cancelled the statement */
  readonly code = '57014';
  readonly ending: Ending;

  constructor(ending: Ending) {
    super(ending === 'deadline' ? 'The operation took longer than it may' : 'Whoever asked has left.');
    this.ending = ending;
  }
}

const scopes = new AsyncLocalStorage<RequestScope>();

/** The operation that this is done for; undefined for none that can be ended. */
export const currentScope = (): RequestScope | undefined => scopes.getStore();

/** One operation, and its statements, which end with it. */
export class RequestScope {
  readonly #cancels = new Set<() => void>();
  #giveUp: (error: OperationEnded) => void = () => {};
  #ended: OperationEnded | null = null;
  #isDone = false;

  /** What keeps the operation from beginning another statement; null when nothing does. */
  get ended(): OperationEnded | null {
    return this.#ended;
  }

  /** @throws {OperationEnded} as soon as it is ended, whatever it waits for */
  run<Value>(run: () => Promise<Value>): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      this.#giveUp = reject;
      scopes.run(this, run).then(resolve, reject).finally(() => (this.#isDone = true));
    });
  }

  /** Ends it, unless it is done. */
  end(ending: Ending): void {
    if (this.#isDone || this.#ended) return;
    this.#ended = new OperationEnded(ending);
    this.#giveUp(this.#ended);
    for (const cancel of this.#cancels) cancel();
  }

  /** Calls `cancel` when the operation is ended, until the answer is called. */
  follow(cancel: () => void): () => void {
    this.#cancels.add(cancel);
    return () => void this.#cancels.delete(cancel);
  }
}
