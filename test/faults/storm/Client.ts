import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from './random.ts';
import { token, type Site } from './Site.ts';

export interface Payload {
  userErrors?: { code: string; message: string }[];
  [field: string]: any;
}

/** Asks the servers of a site, whichever of them answers. */
export class Client {
  readonly #site: Site;
  readonly #random: Random;

  constructor(site: Site, random: Random) {
    this.#site = site;
    this.#random = random;
  }

  /** Of one server; null unless it answered without errors. What became of a mutation that answered null nobody knows. */
  async ask(query: string, variables: object, url = this.#random.pick(this.#site.servers).url): Promise<any> {
    try {
      const response = await fetch(`${url}graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(15_000),
      });
      const { data, errors } = (await response.json()) as { data: any; errors?: unknown[] };
      return response.ok && !errors ? data : null;
    } catch {
      return null;
    }
  }

  /** Repeats one mutation until a server acknowledges it; null when none has for so long. */
  async insist(mutation: string, type: string, input: object, answer: string, { url, timeoutMs = 90_000 }: { url?: string; timeoutMs?: number } = {}): Promise<Payload | null> {
    const query = `mutation ($input: ${type}!) { result: ${mutation}(input: $input) { ${answer} userErrors { code message } } }`;
    for (const until = performance.now() + timeoutMs; performance.now() < until; await sleep(100)) {
      const data = await this.ask(query, { input }, url);
      if (data) return data.result as Payload;
    }
    return null;
  }

  /** What a query says once `isDone` says so of it; null when that takes too long. */
  async until(query: string, variables: object, isDone: (data: any) => boolean, timeoutMs = 120_000): Promise<any> {
    for (const until = performance.now() + timeoutMs; performance.now() < until; await sleep(150)) {
      const data = await this.ask(query, variables);
      if (data && isDone(data)) return data;
    }
    return null;
  }
}
