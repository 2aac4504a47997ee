import { GraphQLError } from 'graphql';

/** How long a client may wait before it tries again (seconds). */
const comeBackSeconds = 1;

/**
 * How many operations run at once. What comes when all places are taken is told so at once, so that what has a place is
 * answered in time: with a queue that grows, everybody would be answered too late.
 */
export class Admission {
  readonly #most: number;
  #running = 0;
  #refused = 0;

  /** @param most places; 0 sets no limit */
  constructor(most: number) {
    this.#most = most;
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
    if (this.isFull) throw this.refuse();
    this.#running += 1;
    try {
      return await run();
    } finally {
      this.#running -= 1;
    }
  }

  /** Counts somebody who is refused; what to tell. */
  refuse(): GraphQLError {
    this.#refused += 1;
    return new GraphQLError('The server has as much to do as it can: try again in a second.', {
      extensions: { code: 'OVERLOADED', http: { status: 503, headers: new Map([['retry-after', String(comeBackSeconds)]]) } },
    });
  }
}
