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
const scopeKey = Symbol('scope');
const nothing = (): void => {};

/** The operation that this is done for; undefined for none that can be ended. */
export const currentScope = (): RequestScope | undefined => scopes.getStore();

/** The scope of a request over HTTP, whichever ways its operation takes. */
export function scopeOf(request: object): RequestScope {
  const scoped = request as { [scopeKey]?: RequestScope };
  return (scoped[scopeKey] ??= new RequestScope());
}

/** One request: its operation, run in one way or, where that fails, in another; and its statements, which end with it. */
export class RequestScope {
  /** whose connections its statements take; undefined: nobody's that is limited */
  holder: string | undefined;
  readonly #begunAt = performance.now();
  readonly #cancels = new Set<() => void>();
  #giveUp: (error: OperationEnded) => void = nothing;
  #refusal: Error | null = null;
  #ending: Ending | null = null;
  #isRunning = false;
  #admission: { answer: unknown } | undefined;
  #isUnhurried = false;

  /** What each statement that it would begin now is refused with; null when it is begun. */
  get refusal(): Error | null {
    return this.#refusal;
  }

  /** Whether its transactions may take long. */
  get isUnhurried(): boolean {
    return this.#isUnhurried;
  }

  /** how long ago it began (ms) */
  get age(): number {
    return performance.now() - this.#begunAt;
  }

  /** Its transactions may take as long as what is decided on any number of rows takes. */
  takeTime(): void {
    this.#isUnhurried = true;
  }

  /** @throws {OperationEnded} as soon as it is ended, whatever it waits for */
  run<Value>(run: () => Promise<Value>): Promise<Value> {
    if (this.#ending) return Promise.reject(new OperationEnded(this.#ending));
    return new Promise<Value>((resolve, reject) => {
      this.#giveUp = reject;
      this.#isRunning = true;
      const done = () => {
        this.#isRunning = false;
        // It holds the answer; a connection holds its last request, and with it this, until the next one comes.
        this.#giveUp = nothing;
      };
      scopes.run(this, run).finally(done).then(resolve, reject);
    });
  }

  /** Asks once whether it may run, whatever ways it takes. */
  admitOnce<Answer>(admit: () => Answer): Answer {
    this.#admission ??= { answer: admit() };
    return this.#admission.answer as Answer;
  }

  /** Begins no statement any more, because of this error of one. */
  refuse(error: Error): void {
    this.#refusal ??= error;
  }

  /** Ends it; when it is done, nothing is ended. */
  end(ending: Ending): void {
    if (this.#ending) return;
    this.#ending = ending;
    // What others began on its behalf goes on.
    if (!this.#isRunning) return;
    const ended = new OperationEnded(ending);
    this.#refusal = ended;
    this.#giveUp(ended);
    for (const cancel of this.#cancels) cancel();
  }

  /** Calls `cancel` when the operation is ended, until the answer is called. */
  follow(cancel: () => void): () => void {
    this.#cancels.add(cancel);
    return () => void this.#cancels.delete(cancel);
  }
}
