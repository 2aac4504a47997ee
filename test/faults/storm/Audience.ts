import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Client as SocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { Hearing } from './Hearing.ts';
import type { Ledger, Watched } from './Ledger.ts';
import { token, type Site } from './Site.ts';

const subscribersOfJob = 50;
const sockets = 4;
const query = 'subscription ($id: ID!) { jobProgress(id: $id) { status sequence processed } }';

/** Subscribers of jobs, who come back to whichever server answers; what each is told must never go back, and end. */
export class Audience {
  readonly #ledger: Ledger;
  readonly #clients: SocketClient[];
  readonly #watching = new Set<Promise<void>>();
  readonly #connections = new Map<SocketClient, number>();
  #turn = 0;
  #closed = false;

  constructor(site: Pick<Site, 'servers'>, ledger: Ledger) {
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
    for (const client of this.#clients) client.on('connected', () => this.#connections.set(client, (this.#connections.get(client) ?? 0) + 1));
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
    const hearing = new Hearing(id, (complaint) => this.#ledger.complaints.push(complaint));
    for (let subscription = 0; !this.#closed; subscription += 1) {
      try {
        for await (const { data } of client.iterate<{ jobProgress: Watched | null }>({ query, variables: { id } })) {
          if (!data?.jobProgress) continue;
          this.#ledger.counts.events += 1;
          hearing.hear(data.jobProgress, subscription * 1e6 + (this.#connections.get(client) ?? 0));
        }
        if (hearing.isOver) return;
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
    // One that was just connecting says that it did not.
    await Promise.allSettled(this.#clients.map((client) => client.dispose()));
  }
}
