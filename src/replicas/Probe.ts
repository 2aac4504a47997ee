import { Client, type QueryResultRow } from 'pg';

/** What a server does not answer in this time (ms), the way to it included, it does not answer. */
const timeoutMs = 1_000;

/** One connection that is asked again and again, one question at a time; after a failure the next question opens another. */
export class Probe {
  readonly #url: string;
  readonly #applicationName: string;
  #client: Client | null = null;
  #connected: Promise<unknown> = Promise.resolve();

  constructor(url: string, applicationName: string) {
    this.#url = url;
    this.#applicationName = applicationName;
  }

  /** The first row of the answer. Rejects within a second when there is none. */
  async ask<Row extends QueryResultRow>(question: string): Promise<Row> {
    const client = this.#client ?? this.#open();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#drop(client);
    }, timeoutMs);
    try {
      await this.#connected;
      const { rows } = await client.query<Row>(question);
      return rows[0]!;
    } catch (error) {
      this.#drop(client);
      throw isLate ? new Error(`it did not answer within ${timeoutMs / 1000} s`) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    if (this.#client) this.#drop(this.#client);
  }

  #open(): Client {
    const client = new Client({ connectionString: this.#url, application_name: this.#applicationName, keepAlive: true });
    // What happens between two questions is met by the next one.
    client.on('error', () => this.#drop(client));
    client.on('end', () => this.#drop(client));
    this.#client = client;
    this.#connected = client.connect();
    this.#connected.catch(() => {});
    return client;
  }

  #drop(client: Client): void {
    if (this.#client === client) this.#client = null;
    destroySocket(client);
  }
}

/** Ends a connection without a word to the server, which may not listen any more; whatever waits for an answer is rejected. */
export function destroySocket(client: object): void {
  (client as { connection?: { stream?: { destroy(): void } } }).connection?.stream?.destroy();
}
