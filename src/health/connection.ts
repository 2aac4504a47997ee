import { Client } from 'pg';
import { reasonOf, UnreachableError } from './unreachable.ts';

/** A login every now and then shows a changed password and a full server: with its time-out below, within 3 s. */
const RENEW_AFTER_MS = 1600;

/** While the kept connection works there is no need to wait longer for a new one. */
const LOGIN_TIMEOUT_MS = 1200;

type Work<T> = (client: Client) => Promise<T>;

export interface Answer<T> {
  value: T;
  /** why no new connection is let in, while an older one still works; null when it is */
  refusal: string | null;
  /** whether the session is as new as the work, so that it has the role's present settings */
  isNew: boolean;
}

/** A login: before the work, which then runs over the new session, or beside it, to see whether anybody is let in. */
export type Login = 'first' | 'beside' | null;

/**
 * The one connection that belongs to schema health, so that an exhausted pool does not silence it. It is opened when it
 * is first used, kept as long as it works, and opened again after it broke. One piece of work at a time.
 */
export class HealthConnection {
  readonly #url: string;
  /** those that have a socket: the kept one, and the one that shall replace it */
  readonly #open = new Set<Client>();
  /** `since` it is known that logins work */
  #kept: { client: Client; since: number } | null = null;
  /** for messages */
  #place = 'The database';

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * Runs `work` on the connection, with a `login` where one is asked for or due. After `deadline` ms everything is cut
   * and UnreachableError thrown, whatever the server does; a kept connection that turns out to be broken is replaced once.
   */
  async use<T>(deadline: number, login: Login, work: Work<T>): Promise<Answer<T>> {
    let cut = false;
    let giveUp = () => {};
    const expired = new Promise<never>((_, reject) => {
      giveUp = () => {
        cut = true;
        this.#cut();
        reject(new UnreachableError(`${this.#place} did not answer within ${(deadline / 1000).toPrecision(1)} s.`));
      };
    });
    const timer = setTimeout(giveUp, deadline);
    const attempt = this.#attempt(work, login, () => cut);
    attempt.catch(() => {});
    try {
      return await Promise.race([attempt, expired]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Says goodbye, and does not wait for a server that hangs. */
  async close(): Promise<void> {
    const kept = this.#kept?.client;
    this.#kept = null;
    const timer = setTimeout(() => this.#cut(), 500);
    await kept?.end().catch(() => {});
    clearTimeout(timer);
    this.#cut();
  }

  async #attempt<T>(work: Work<T>, login: Login, isCut: () => boolean): Promise<Answer<T>> {
    const kept = this.#kept;
    if (kept === null) return { value: await this.#run(this.#keep(await this.#login()), work), refusal: null, isNew: true };
    const isDue = login !== null || performance.now() - kept.since > RENEW_AFTER_MS;
    const knocking = isDue ? this.#knock(kept) : null;
    try {
      const before = login === 'first' ? await knocking : null;
      if (before?.client) this.#keep(before.client);
      const value = await this.#run(before?.client ?? kept.client, work).finally(() => knocking);
      return { value, refusal: (await knocking)?.refusal ?? null, isNew: before?.client != null };
    } catch (error) {
      if (!(error instanceof UnreachableError) || isCut()) throw error;
      return this.#attempt(work, null, isCut);
    } finally {
      // The one of both that is not kept: its catalog caches are warm when it is the older.
      for (const client of [kept.client, (await knocking)?.client]) if (client && client !== this.#kept?.client) client.end().catch(() => {});
    }
  }

  /** @throws {UnreachableError} when the connection broke; what PostgreSQL answered, and our own mistakes, as they are */
  async #run<T>(client: Client, work: Work<T>): Promise<T> {
    try {
      return await work(client);
    } catch (error) {
      if (!isBroken(client, error)) throw error;
      this.#drop(client);
      throw new UnreachableError(`${this.#place} broke the connection: ${reasonOf(error)}.`, { cause: error });
    }
  }

  #keep(client: Client): Client {
    this.#kept = { client, since: performance.now() };
    return client;
  }

  /** A new session beside the kept one, or why none is let in. */
  async #knock(kept: { since: number }): Promise<{ client: Client | null; refusal: string | null }> {
    try {
      const client = await this.#login(LOGIN_TIMEOUT_MS);
      kept.since = performance.now();
      return { client, refusal: null };
    } catch (error) {
      // The next work asks again.
      kept.since = -Infinity;
      if (error instanceof UnreachableError) return { client: null, refusal: error.message };
      throw error;
    }
  }

  async #login(timeout = 0): Promise<Client> {
    let client: Client | undefined;
    try {
      client = new Client({ connectionString: this.#url, application_name: 'outrider health', keepAlive: true, connectionTimeoutMillis: timeout });
      this.#open.add(client);
      this.#place = placeOf(client);
      const opened = client;
      // What happens between two checks is met by the next one.
      client.on('error', () => this.#drop(opened));
      client.on('end', () => this.#open.delete(opened));
      await client.connect();
      return client;
    } catch (error) {
      if (client) this.#drop(client);
      throw new UnreachableError(`${this.#place} cannot be used: ${reasonOf(error)}.`, { cause: error });
    }
  }

  #cut(): void {
    for (const client of this.#open) this.#drop(client);
  }

  #drop(client: Client): void {
    if (this.#kept?.client === client) this.#kept = null;
    this.#open.delete(client);
    streamOf(client)?.destroy();
  }
}

/** As an operator would look for it; no user, no password. */
function placeOf({ database, host, port }: Client): string {
  const at = host.startsWith('/') ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return `The database ${database} at ${at}`;
}

function isBroken(client: Client, error: unknown): boolean {
  const { severity } = error as { severity?: string };
  return severity === 'FATAL' || severity === 'PANIC' || streamOf(client)?.writable !== true;
}

function streamOf(client: Client): { writable: boolean; destroy(): void } | undefined {
  return (client as Client & { connection?: { stream?: { writable: boolean; destroy(): void } } }).connection?.stream;
}
