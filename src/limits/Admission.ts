import { GraphQLError } from 'graphql';

/** What is told to whoever finds no place. */
export interface Full {
  message: string;
  /** how long a client may wait before it tries again (seconds) */
  comeBackSeconds: number;
}

/** Of so many places one is left to others. */
const forOthers = 8;

const busy: Full = { message: 'The server has as much to do as it can: try again in a second.', comeBackSeconds: 1 };

/**
 * How many of a kind run at once: operations, or files. What comes when all places are taken is told so at once, so that what has a place is
 * answered in time: with a queue that grows, everybody would be answered too late.
 */
export class Admission {
  readonly #most: number;
  readonly #full: Full;
  /** who has places, where that counts */
  readonly #held = new Map<string, number>();
  #running = 0;
  #refused = 0;

  /** @param most places; 0 sets no limit */
  constructor(most: number, full: Full = busy) {
    this.#most = most;
    this.#full = full;
  }

  get isFull(): boolean {
    return this.#most > 0 && this.#running >= this.#most;
  }

  /** How many run now, and how many were refused so far. */
  get counts(): { running: number; refused: number } {
    return { running: this.#running, refused: this.#refused };
  }

  /** Takes a place as long as `run` takes. @throws {GraphQLError} OVERLOADED when there is none for this holder */
  async admit<Value>(run: () => Promise<Value>, holder?: string): Promise<Value> {
    const leave = this.enter(holder);
    if (!leave) throw this.refuse();
    try {
      return await run();
    } finally {
      leave();
    }
  }

  /**
   * Takes a place.
   * @param holder leaves an eighth of the places to others, and one at least, so that nobody keeps everybody else out; none: has all of them
   * @returns what gives it back, to be called once; null when there is none
   */
  enter(holder?: string): (() => void) | null {
    if (!this.hasPlaceFor(holder)) return null;
    this.#running += 1;
    if (holder !== undefined) this.#held.set(holder, this.#heldBy(holder) + 1);
    return () => {
      this.#running -= 1;
      if (holder !== undefined) this.#leave(holder);
    };
  }

  hasPlaceFor(holder: string | undefined): boolean {
    if (this.isFull) return false;
    return holder === undefined || this.#most <= 1 || this.#heldBy(holder) < this.#most - Math.max(1, Math.floor(this.#most / forOthers));
  }

  #heldBy(holder: string): number {
    return this.#held.get(holder) ?? 0;
  }

  #leave(holder: string): void {
    const left = this.#heldBy(holder) - 1;
    if (left > 0) this.#held.set(holder, left);
    else this.#held.delete(holder);
  }

  /** Counts somebody who is refused; what to tell. */
  refuse(): GraphQLError {
    this.#refused += 1;
    const { message, comeBackSeconds } = this.#full;
    return new GraphQLError(message, {
      extensions: { code: 'OVERLOADED', http: { status: 503, headers: new Map([['retry-after', String(comeBackSeconds)]]) } },
    });
  }
}
