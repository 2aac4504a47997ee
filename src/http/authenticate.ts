import { Role } from '../domain/enums.ts';
import { hashOf, isSameHash } from '../domain/tokens.ts';
import type { Identity } from './identity.ts';
import { lookUpTogether } from './lookUpTogether.ts';
import { looksLikeJwt, type Verified } from './verifyJwt.ts';
import { WrongTokens } from './WrongTokens.ts';

/** A key that was good stays good this long without being looked up again. */
const freshMs = 10_000;
/** While the database is down, a key that was good is remembered this long. */
const rememberedMs = 300_000;
/** How long a key that was good waits for the database to say so again (ms). */
const patienceMs = 1_000;
const mostRemembered = 10_000;
const longestToken = 8_192;

export interface Authenticator {
  /**
   * Who holds this token; null for nobody.
   * @param addressOf of who shows it; wrong tokens are counted where it is given
   * @throws when what would have to say, the database or the issuer's keys, does not answer
   * @throws {OutriderError} RATE_LIMITED for one more wrong token from an address where too many came from
   */
  identify(token: string | null, addressOf?: () => string): Promise<Identity | null>;
  /** whether it is OUTRIDER_TOKEN */
  isAdminToken(token: string | null): boolean;
  /** after a key was revoked, or the issuer's keys have changed: asks again about every token */
  forget(): void;
}

export interface AuthenticatorOptions {
  /** the admin token that needs no database */
  adminToken: string;
  /** who holds the unrevoked API keys with these hashes */
  findKeys: (hashes: readonly string[]) => Promise<ReadonlyMap<string, Identity>>;
  /** whom a JWT names; null where no issuer is configured */
  verifyJwt: ((token: string) => Promise<Verified>) | null;
}

interface Remembered {
  identity: Identity;
  at: number;
  /** until then it need not be looked up again */
  freshUntil: number;
}

export function createAuthenticator({ adminToken, findKeys, verifyJwt }: AuthenticatorOptions): Authenticator {
  const admin: Identity = { actor: { name: 'admin', role: Role.ADMIN, isAdminToken: true }, expiresAt: null };
  const adminHash = hashOf(adminToken);
  const known = new Map<string, Remembered>();
  const wrong = new WrongTokens();
  const lookUp = lookUpTogether(findKeys);

  const remember = (hash: string, identity: Identity | null, freshUntil: number) => {
    known.delete(hash);
    if (identity === null) return;
    known.set(hash, { identity, at: Date.now(), freshUntil: Math.min(freshUntil, identity.expiresAt ?? Infinity) });
    if (known.size > mostRemembered) known.delete(known.keys().next().value!);
  };

  /** Somebody who was known a short while ago does not wait for a database that hangs. */
  async function lookUpAgain(hash: string, { identity }: Remembered): Promise<Identity | null> {
    const asked = lookUp(hash);
    asked.then((found) => remember(hash, found, Date.now() + freshMs), () => {});
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Identity>((resolve) => {
      timer = setTimeout(resolve, patienceMs, identity);
    });
    return Promise.race([asked.catch(() => identity), late]).finally(() => clearTimeout(timer));
  }

  async function askDatabase(hash: string, seen: Remembered | undefined): Promise<Identity | null> {
    const now = Date.now();
    const isOver = seen !== undefined && ((seen.identity.expiresAt ?? Infinity) <= now || now - seen.at >= rememberedMs);
    if (seen && !isOver) return lookUpAgain(hash, seen);
    const identity = await lookUp(hash);
    remember(hash, identity, Date.now() + freshMs);
    return identity;
  }

  return {
    isAdminToken: (token) => token !== null && token.length <= longestToken && isSameHash(hashOf(token), adminHash),
    forget: () => known.clear(),
    async identify(token, addressOf) {
      if (token === null || token.length > longestToken) return null;
      const hash = hashOf(token);
      if (isSameHash(hash, adminHash)) return admin;
      const seen = known.get(hash);
      if (seen && Date.now() < seen.freshUntil) return seen.identity;
      if (wrong.has(hash)) return null;
      if (verifyJwt && looksLikeJwt(token)) {
        const verified = await verifyJwt(token);
        if (typeof verified === 'object') {
          remember(hash, verified, Infinity);
          return verified;
        }
        // Whose token is over tries the next one: that is no guess.
        if (verified === 'refused') return null;
      } else {
        const identity = await askDatabase(hash, seen);
        if (identity) return identity;
      }
      if (addressOf) wrong.add(hash, addressOf());
      return null;
    },
  };
}
