import type { IncomingMessage } from 'node:http';
import type { TrustProxy } from '../config/trustProxy.ts';
import { clientAddress, hostOf, isSecure } from './clientAddress.ts';

export interface RequestOriginOptions {
  trustProxy: TrustProxy;
  /** the address that people reach this server by */
  publicUrl: string | undefined;
  /** origins of other front ends, such as https://app.example */
  corsOrigins: readonly string[];
}

/** Where requests come from: which address, over which scheme, from a page of which origin. */
export class RequestOrigin {
  readonly #trusts: TrustProxy;
  readonly #ownOrigin: string | undefined;
  readonly #named: ReadonlySet<string>;

  constructor({ trustProxy, publicUrl, corsOrigins }: RequestOriginOptions) {
    this.#trusts = trustProxy;
    this.#ownOrigin = publicUrl && URL.parse(publicUrl)?.origin;
    this.#named = new Set(corsOrigins);
  }

  addressOf(request: IncomingMessage): string {
    return clientAddress(request, this.#trusts);
  }

  isSecure(request: IncomingMessage): boolean {
    return isSecure(request, this.#trusts);
  }

  /**
   * Whether a page of another origin asks, on another port of this host too: the browser sends the cookie, which is none
   * of that page's business. Programs say nothing of an origin.
   */
  isForeign(request: IncomingMessage): boolean {
    const { origin, 'sec-fetch-site': site } = request.headers;
    if (site === 'same-origin') return false;
    if (origin === undefined) return site !== undefined && site !== 'none';
    return origin !== this.#ownOrigin && URL.parse(origin)?.host !== hostOf(request, this.#trusts);
  }

  /** Whether the page may ask with a token of its own. */
  isNamed({ headers }: IncomingMessage): boolean {
    return headers.origin !== undefined && this.#named.has(headers.origin);
  }
}
