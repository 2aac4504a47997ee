import { createLocalJWKSet, errors, type CryptoKey, type JSONWebKeySet, type JWSHeaderParameters, type FlattenedJWSInput } from 'jose';
import { OutriderError } from '../domain/errors.ts';

/** How often the keys are read again (ms). */
const refreshMs = 600_000;
/** Between two questions that a token gives cause for (ms): anybody can write a token with a key id of their own. */
const cooldownMs = 30_000;
/** The same while there is no key at all. */
const startCooldownMs = 5_000;
const timeoutMs = 5_000;
const maxBytes = 256 * 1024;

export interface IssuerKeysOptions {
  url: string;
  log: { warn(details: object, message: string): void };
  /** other keys than before: what they signed is to be verified again */
  onChange(): void;
  /** for tests: in place of the times above (ms) */
  cooldowns?: { start: number; later: number };
}

/**
 * The public keys of who issues JWTs (a JWK set, RFC 7517). Those that were read once go on while their URL does not answer;
 * a key id that is not among them is asked for, at most once in a while.
 */
export class IssuerKeys {
  readonly #options: IssuerKeysOptions;
  readonly #cooldowns: { start: number; later: number };
  readonly #timer: NodeJS.Timeout;
  #keys: ReturnType<typeof createLocalJWKSet> | null = null;
  #text = '';
  #askedAt = -Infinity;
  #hasFailed = false;
  #asking: Promise<void> | null = null;

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
    this.#cooldowns = options.cooldowns ?? { start: startCooldownMs, later: cooldownMs };
    this.#timer = setInterval(() => void this.refresh(), refreshMs);
    this.#timer.unref();
  }

  /**
   * The key that a token says it is signed with.
   * @throws {OutriderError} AUTHENTICATION_UNAVAILABLE while nobody can say whether there is such a key
   * @throws {errors.JOSEError} when there is none
   */
  readonly find = async (header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> => {
    if (!this.#keys && this.#mayAsk(this.#cooldowns.start)) await this.refresh();
    if (!this.#keys) throw unavailable();
    try {
      return await this.#keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      if (this.#mayAsk(this.#cooldowns.later)) await this.refresh();
      if (this.#hasFailed) throw unavailable();
      return this.#keys(header, token);
    }
  };

  /** Reads the keys again; those that are there stay when it fails. Never rejects. */
  refresh(): Promise<void> {
    this.#asking ??= this.#read().finally(() => (this.#asking = null));
    return this.#asking;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #mayAsk(cooldown: number): boolean {
    return this.#asking !== null || performance.now() - this.#askedAt >= cooldown;
  }

  async #read(): Promise<void> {
    this.#askedAt = performance.now();
    try {
      const text = await readText(this.#options.url);
      this.#hasFailed = false;
      if (text === this.#text) return;
      this.#keys = createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
      if (this.#text !== '') this.#options.onChange();
      this.#text = text;
    } catch (error) {
      const { message, cause } = error as Error & { cause?: { code?: string } };
      if (!this.#hasFailed) this.#options.log.warn({ reason: cause?.code ?? message }, 'the keys that JWTs are signed with cannot be read: correct JWT_JWKS_URL or what listens there; API keys go on');
      this.#hasFailed = true;
    }
  }
}

const unavailable = () => new OutriderError('AUTHENTICATION_UNAVAILABLE', 'The keys that tokens are signed with cannot be read now: try again.');

async function readText(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'error', headers: { accept: 'application/json, application/jwk-set+json' }, signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
