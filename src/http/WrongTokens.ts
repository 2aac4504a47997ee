import { OutriderError } from '../domain/errors.ts';
import { networkOf } from './clientAddress.ts';

/** How many different wrong tokens may come from one network in that time; the next ones are told to wait. */
const mostWrong = 20;
const windowMs = 60_000;
/** How many tokens and networks are remembered: the oldest go. */
const mostRemembered = 10_000;

/**
 * Wrong tokens, by their hashes, and how many of them came from where. A token that was wrong stays so for a while, because a
 * new key is one that nobody can have tried: it is looked up once, and counts once, however often a page repeats it.
 */
export class WrongTokens {
  readonly #known = new Map<string, number>();
  readonly #networks = new Map<string, { count: number; until: number }>();

  has(hash: string): boolean {
    return (this.#known.get(hash) ?? -Infinity) > performance.now();
  }

  /** @throws {OutriderError} RATE_LIMITED with `retryAfterSeconds` when there were too many from this address */
  add(hash: string, address: string): void {
    const now = performance.now();
    this.#known.delete(hash);
    this.#known.set(hash, now + windowMs);
    if (this.#known.size > mostRemembered) this.#known.delete(this.#known.keys().next().value!);
    const network = networkOf(address);
    const last = this.#networks.get(network);
    const counted = last && last.until > now ? last : { count: 0, until: now + windowMs };
    counted.count += 1;
    this.#networks.delete(network);
    this.#networks.set(network, counted);
    if (this.#networks.size > mostRemembered) this.#networks.delete(this.#networks.keys().next().value!);
    if (counted.count <= mostWrong) return;
    const seconds = Math.ceil((counted.until - now) / 1000);
    throw new OutriderError('RATE_LIMITED', `Too many wrong tokens came from this address: try again in ${seconds} s.`, { retryAfterSeconds: seconds });
  }
}
