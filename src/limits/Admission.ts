import { GraphQLError } from 'graphql';

/** What is told to whoever finds no place. */
export interface Full {
  message: string;
  /** how long a client may wait before it tries again (seconds) */
  comeBackSeconds: number;
}

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

  /** Takes a place as long as `run` takes. @throws {GraphQLError} OVERLOADED when there is none */
  async admit<Value>(run: () => Promise<Value>): Promise<Value> {
    const leave = this.enter();
    if (!leave) throw this.refuse();
    try {
      return await run();
    } finally {
      leave();
    }
  }

  /**
   * Takes a place.
   * @param holder has all places but one at most, so that nobody keeps everybody else out; none: all of them
   * @returns what gives it back, to be called once; null when there is none
   */
  enter(holder?: string): (() => void) | null {
    const held = holder === undefined ? 0 : (this.#held.get(holder) ?? 0);
    if (this.isFull || (this.#most > 1 && held >= this.#most - 1)) return null;
    this.#running += 1;
    if (holder !== undefined) this.#held.set(holder, held + 1);
    return () => {
      this.#running -= 1;
      if (holder !== undefined) this.#leave(holder);
    };
  }

  #leave(holder: string): void {
    const left = this.#held.get(holder)! - 1;
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
