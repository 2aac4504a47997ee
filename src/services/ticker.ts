export interface TickerOptions {
  /** Reads what was noticed, or with null everything that is watched. */
  read(noticed: readonly string[] | null): Promise<void>;
  /** Whether anybody watches. */
  isNeeded(): boolean;
  /** what is read, for the log */
  subject: string;
  log: { warn(details: object, message: string): void };
  /** the backstop for notices that were lost (milliseconds) */
  pollMs: number;
}

/** Milliseconds between two reads at least: at most 10 events a second. */
const tickMs = 110;
/** Milliseconds until a read that failed is tried again. */
const retryMs = 500;

/** Reads after a notice and, as a backstop, from time to time; one read at a time, and none while nobody watches. */
export class Ticker {
  readonly #options: TickerOptions;
  #noticed = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  // By the clock that only counts: one that is set back must hold up nobody.
  #lastTick = -Infinity;
  #lastPoll = -Infinity;
  #ticking = false;
  #closed = false;

  constructor(options: TickerOptions) {
    this.#options = options;
  }

  /** Something may have changed. */
  notice(id: string): void {
    this.#noticed.add(id);
  }

  /** Notices may have been missed, or somebody watches from now on: everything is read next. */
  noticeAll(): void {
    this.#lastPoll = -Infinity;
  }

  /** Call it after notices and after somebody has come. */
  schedule(): void {
    if (this.#closed || this.#ticking || !this.#options.isNeeded()) {
      return;
    }
    const now = performance.now();
    const due = this.#noticed.size > 0 ? 0 : this.#lastPoll + this.#options.pollMs - now;
    clearTimeout(this.#timer ?? undefined);
    this.#timer = setTimeout(() => void this.#tick(), Math.max(due, this.#lastTick + tickMs - now, 0));
    this.#timer.unref();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer ?? undefined);
  }

  async #tick(): Promise<void> {
    this.#ticking = true;
    this.#lastTick = performance.now();
    const noticed = this.#noticed;
    this.#noticed = new Set();
    try {
      if (performance.now() - this.#lastPoll >= this.#options.pollMs) {
        this.#lastPoll = performance.now();
        await this.#options.read(null);
        // Not settled by that: whoever has just come takes what was read for the state before the notice.
        noticed.forEach((id) => this.#noticed.add(id));
      } else {
        await this.#options.read([...noticed]);
      }
    } catch (error) {
      this.#options.log.warn({ err: error }, `${this.#options.subject} cannot be read; trying again`);
      noticed.forEach((id) => this.#noticed.add(id));
      this.#lastTick = performance.now() + retryMs;
    } finally {
      this.#ticking = false;
      this.schedule();
    }
  }
}
