import { setTimeout as sleep } from 'node:timers/promises';
import { platformOf } from '../../domain/canonicalKey.ts';
import { Platform } from '../../domain/enums.ts';
import { DiscoveryError, type Search } from '../adapter.ts';
import { type Fetch, type Fetched, FetchError } from '../fetch/fetch.ts';
import { readRobots, type Rules } from './robots.ts';

/** Between two requests to one host, in milliseconds, where it does not ask for more. */
const usualGap = 100;
/** A crawl delay above this is as good as a refusal. */
const longestDelay = 300_000;

interface Host {
  rules: Promise<Rules> | null;
  /** when the next request may be sent */
  next: number;
}

const sessions = new WeakMap<object, Map<string, Host>>();

/** Gets pages as their hosts want it: by robots.txt, which is read once a job and process, and with its delay between requests. */
export class Visitor {
  readonly #fetch: Fetch;
  readonly #signal: AbortSignal;
  readonly #hosts: Map<string, Host>;

  constructor({ fetch, signal, session }: Pick<Search<unknown>, 'fetch' | 'signal' | 'session'>) {
    this.#fetch = fetch;
    this.#signal = signal;
    this.#hosts = sessions.get(session) ?? new Map();
    sessions.set(session, this.#hosts);
  }

  /**
   * @throws {DiscoveryError} ROBOTS_DISALLOWED, ROBOTS_UNAVAILABLE, NOT_A_WEBSITE when it leads to a platform
   * @throws {FetchError}
   */
  async visit(url: URL): Promise<Fetched> {
    await this.#ask(url);
    const headers = { accept: 'text/html, application/xhtml+xml;q=0.9, */*;q=0.1' };
    return this.#fetch(url, {
      headers,
      beforeRedirect: async (next) => {
        if (platformOf(next) !== Platform.WEBSITE) throw new DiscoveryError('NOT_A_WEBSITE', `${url.href} leads to ${next.href}, a page of a platform.`);
        await this.#ask(next);
      },
    });
  }

  /** Resolves when this URL may be asked for. */
  async #ask(url: URL): Promise<void> {
    const host = this.#hosts.get(url.origin) ?? { rules: null, next: 0 };
    this.#hosts.set(url.origin, host);
    const rules = await this.#rules(host, url.origin);
    if (!rules.isAllowed(url)) throw new DiscoveryError('ROBOTS_DISALLOWED', `${url.origin}/robots.txt asks not to read ${url.pathname}.`);
    const delay = rules.crawlDelay === null ? usualGap : rules.crawlDelay * 1000;
    if (delay > longestDelay) throw new DiscoveryError('ROBOTS_DISALLOWED', `${url.origin}/robots.txt asks to wait ${rules.crawlDelay} s between requests.`);
    const wait = host.next - performance.now();
    host.next = Math.max(host.next, performance.now()) + delay;
    if (wait > 0) await sleep(wait, undefined, { signal: this.#signal }).catch(() => this.#signal.throwIfAborted());
  }

  async #rules(host: Host, origin: string): Promise<Rules> {
    for (;;) {
      const rules = (host.rules ??= readRobots(origin, this.#fetch));
      try {
        return await rules;
      } catch (error) {
        if (error instanceof DiscoveryError) throw error;
        // Another target may have better luck; one that was stopped says nothing about the host.
        if (host.rules === rules) host.rules = null;
        if (error instanceof FetchError) throw error;
        this.#signal.throwIfAborted();
      }
    }
  }
}
