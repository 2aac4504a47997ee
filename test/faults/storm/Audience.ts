import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Client as SocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Ledger, Watched } from './Ledger.ts';
import { token, type Site } from './Site.ts';

const subscribersOfJob = 50;
const sockets = 4;
const terminal = ['SUCCEEDED', 'COMPLETED_WITH_ERRORS', 'FAILED', 'CANCELLED'];
const query = 'subscription ($id: ID!) { jobProgress(id: $id) { status sequence processed } }';

/** Subscribers of jobs, who come back to whichever server answers; what each is told must never go back, and end. */
export class Audience {
  readonly #ledger: Ledger;
  readonly #clients: SocketClient[];
  readonly #watching = new Set<Promise<void>>();
  #turn = 0;
  #closed = false;

  constructor(site: Site, ledger: Ledger) {
    this.#ledger = ledger;
    this.#clients = Array.from({ length: sockets }, () =>
      createClient({
        url: () => `${(site.servers[(this.#turn += 1) % site.servers.length]!.url ?? 'http://127.0.0.1:1/').replace('http', 'ws')}graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${token}` },
        retryAttempts: Number.MAX_SAFE_INTEGER,
        shouldRetry: () => !this.#closed,
        retryWait: () => sleep(200),
      }));
  }

  /** @param jobId a global id */
  watch(jobId: string): void {
    for (let number = 0; number < subscribersOfJob; number += 1) {
      this.#ledger.counts.subscribers += 1;
      const watching = this.#follow(jobId, this.#clients[number % sockets]!).finally(() => this.#watching.delete(watching));
      this.#watching.add(watching);
    }
  }

  /** Subscribes again when a server has no answer, until the job's end was told. */
  async #follow(id: string, client: SocketClient): Promise<void> {
    let last: Watched | null = null;
    while (!this.#closed) {
      try {
        for await (const { data } of client.iterate<{ jobProgress: Watched | null }>({ query, variables: { id } })) {
          const seen: Watched | null = data?.jobProgress ?? null;
          if (!seen) continue;
          this.#ledger.counts.events += 1;
          if (last && (seen.sequence < last.sequence || seen.processed < last.processed)) this.#ledger.complaints.push(`a subscriber of ${id} was told ${JSON.stringify(last)}, then ${JSON.stringify(seen)}`);
          last = seen;
        }
        if (last && terminal.includes(last.status)) return;
      } catch {
        // The server could not read the job just then, or went away.
      }
      await sleep(300);
    }
  }

  /** Whoever has not heard the end of its job by now is a complaint. */
  async close(patienceMs: number): Promise<void> {
    const until = performance.now() + patienceMs;
    while (this.#watching.size > 0 && performance.now() < until) await sleep(100);
    if (this.#watching.size > 0) this.#ledger.complaints.push(`${this.#watching.size} subscribers have not heard the end of their job`);
    this.#closed = true;
    await Promise.all(this.#clients.map((client) => client.dispose()));
  }
}
