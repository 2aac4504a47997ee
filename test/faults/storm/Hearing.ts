import type { Watched } from './Ledger.ts';

const terminal = ['SUCCEEDED', 'COMPLETED_WITH_ERRORS', 'FAILED', 'CANCELLED'];

/** What one subscriber of a job is told, over every connection that it had; whatever must not be is a complaint. */
export class Hearing {
  readonly #job: string;
  readonly #complain: (what: string) => void;
  #last: Watched | null = null;
  #connection = -1;

  constructor(job: string, complain: (what: string) => void) {
    this.#job = job;
    this.#complain = complain;
  }

  /** The job's end was told. */
  get isOver(): boolean {
    return this.#last !== null && terminal.includes(this.#last.status);
  }

  /** @param connection another number after each connect, on which the present state comes first, known or not */
  hear(seen: Watched, connection: number): void {
    const before = this.#last;
    const isRepeat = before !== null && connection === this.#connection;
    const tell = (what: string) => this.#complain(`a subscriber of ${this.#job} ${what} (${JSON.stringify(before)}, then ${JSON.stringify(seen)})`);
    this.#last = seen;
    this.#connection = connection;
    if (before === null) return;
    if (seen.sequence < before.sequence) tell('was told an older state');
    if (seen.processed < before.processed) tell('was told less progress');
    if (seen.sequence === before.sequence && isRepeat) tell('was told one state twice');
    if (seen.sequence === before.sequence && (seen.status !== before.status || seen.processed !== before.processed)) tell('was told another state of one number');
    if (terminal.includes(before.status) && seen.status !== before.status) tell('was told that the end was none');
  }
}
