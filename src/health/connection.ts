import { Client } from 'pg';

/** The database did not let us ask: it is down, hangs, or refuses the login. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/**
 * The one connection that belongs to schema health, so that an exhausted pool does not silence it. It is opened when it
 * is first used, kept, and opened again after it broke. One piece of work at a time.
 */
export class HealthConnection {
  readonly #url: string;
  #client: Client | null = null;

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * Runs `work` on the connection. After `deadline` ms the connection is cut and UnreachableError thrown, whatever the
   * server does; a kept connection that turns out to be broken is replaced once.
   */
  async use<T>(deadline: number, work: (client: Client) => Promise<T>): Promise<T> {
    let cut = false;
    let giveUp = () => {};
    const expired = new Promise<never>((_, reject) => {
      giveUp = () => {
        cut = true;
        this.#discard();
        reject(new UnreachableError(`${this.#place()} did not answer within ${(deadline / 1000).toFixed(1)} s.`));
      };
    });
    const timer = setTimeout(giveUp, deadline);
    const attempt = this.#attempt(work, () => cut);
    attempt.catch(() => {});
    try {
      return await Promise.race([attempt, expired]);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => {});
  }

  async #attempt<T>(work: (client: Client) => Promise<T>, isCut: () => boolean): Promise<T> {
    const kept = this.#client;
    try {
      return await work(kept ?? (await this.#open()));
    } catch (error) {
      // An error with a severity is PostgreSQL's answer, and the connection is still good unless it says FATAL.
      const { severity } = error as { severity?: string };
      if (error instanceof UnreachableError || error instanceof TypeError || severity === 'ERROR') throw error;
      this.#discard();
      if (kept && !isCut()) return this.#attempt(work, isCut);
      throw new UnreachableError(`${this.#place()} broke the connection: ${reasonOf(error)}.`, { cause: error });
    }
  }

  async #open(): Promise<Client> {
    const client = new Client({ connectionString: this.#url, application_name: 'outrider health', keepAlive: true });
    // What happens between two checks is met by the next one.
    client.on('error', () => {
      if (this.#client === client) this.#client = null;
    });
    this.#client = client;
    try {
      await client.connect();
      return client;
    } catch (error) {
      this.#discard();
      throw new UnreachableError(`${this.#place()} cannot be used: ${reasonOf(error)}.`, { cause: error });
    }
  }

  #discard(): void {
    const client = this.#client as (Client & { connection?: { stream?: { destroy(): void } } }) | null;
    this.#client = null;
    client?.connection?.stream?.destroy();
  }

  #place(): string {
    try {
      const { host, pathname } = new URL(this.#url);
      return `The database ${decodeURIComponent(pathname.slice(1))} at ${host}`;
    } catch {
      return 'The database';
    }
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing listens there (is PostgreSQL running?)';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its host name is not known';
    case '28P01':
    case '28000':
      return `the login is refused (${message})`;
    case '53300':
      return `it has no connection left (${message})`;
    default:
      return message || code || 'unknown reason';
  }
}
