import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTHeaderParameters } from 'jose';

export const audience = 'outrider';

/** What a token says where a test wants nothing else. */
export type Claims = Record<string, unknown>;

/** An issuer of JWTs, with a real server that its public keys are read from. */
export class Issuer {
  /** how often its keys were asked for */
  asked = 0;
  /** how it answers in place of its keys */
  instead: 'hangs' | 'fails' | null = null;
  readonly #keys = new Map<string, { algorithm: string; private: CryptoKey; public: JWK }>();
  readonly #server = createServer((_request, response) => {
    this.asked += 1;
    if (this.instead === 'hangs') return;
    if (this.instead === 'fails') response.writeHead(500);
    response.end(JSON.stringify({ keys: [...this.#keys.values()].map((key) => key.public) }));
  });

  static async start(): Promise<Issuer> {
    const issuer = new Issuer();
    await new Promise<void>((resolve) => issuer.#server.listen(0, '127.0.0.1', resolve));
    await issuer.makeKey('first');
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get environment(): Record<string, string> {
    return { JWT_ISSUER: this.url, JWT_AUDIENCE: audience, JWT_JWKS_URL: `${this.url}/jwks` };
  }

  async makeKey(id: string, algorithm = 'ES256'): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    this.#keys.set(id, { algorithm, private: privateKey, public: { ...(await exportJWK(publicKey)), kid: id, alg: algorithm, use: 'sig' } });
  }

  dropKey(id: string): void {
    this.#keys.delete(id);
  }

  publicKey(id: string): JWK {
    return this.#keys.get(id)!.public;
  }

  /** A token that is good, but for what is changed; a claim that is undefined is left out. */
  async sign(claims: Claims = {}, { key = 'first', ...header }: Partial<JWTHeaderParameters> & { key?: string } = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const { algorithm, private: privateKey } = this.#keys.get(key)!;
    const all = { iss: this.url, aud: audience, sub: 'ada', role: 'operator', iat: now, exp: now + 600, ...claims };
    return new SignJWT(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)))
      .setProtectedHeader({ alg: algorithm, kid: key, ...header })
      .sign(privateKey, header.crit ? { crit: Object.fromEntries(header.crit.map((name) => [name, true])) } : {});
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** `header.payload.` as it stands, unsigned. */
export const unsigned = (header: object, claims: object): string => `${[header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;
