import { Role } from '../domain/enums.ts';
import { hashOf, isSameHash } from '../domain/tokens.ts';
import type { Identity } from './identity.ts';
import { lookUpTogether } from './lookUpTogether.ts';
import { looksLikeJwt, type Verified } from './verifyJwt.ts';
import { WrongTokens } from './WrongTokens.ts';

/** A key that was good stays good this long without being looked up again: while it would be told that it is revoked, and while it would not. */
const freshMs = { hearing: 10_000, deaf: 1_000 };
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
  /** whether it is OUTRIDER_TOKEN, or one of several */
  isAdminToken(token: string | null): boolean;
  /** after a key was revoked, or the issuer's keys have changed: asks again about every token */
  forget(): void;
}

export interface AuthenticatorOptions {
  /** the admin tokens that need no database: one, and while it is rotated another */
  adminTokens: readonly string[];
  /** who holds the unrevoked API keys with these hashes */
  findKeys: (hashes: readonly string[]) => Promise<ReadonlyMap<string, Identity>>;
  /** whom a JWT names; null where no issuer is configured */
  verifyJwt: ((token: string) => Promise<Verified>) | null;
  /** whether a key that is revoked elsewhere would be told here */
  isHearing?: () => boolean;
  /** an API key was good for something */
  onUse?: (keyId: string) => void;
}

interface Remembered {
  identity: Identity;
  /** performance.now: who sets the clock back makes no key good for longer */
  at: number;
  /** without being looked up again */
  staysGood: boolean;
}

export function createAuthenticator({ adminTokens, findKeys, verifyJwt, isHearing = () => true, onUse }: AuthenticatorOptions): Authenticator {
  const admin: Identity = { actor: { name: 'admin', role: Role.ADMIN, isAdminToken: true }, expiresAt: null };
  const adminHashes = adminTokens.map(hashOf);
  // Every one of them is compared, whichever it is.
  const isAdmin = (hash: string) => adminHashes.filter((one) => isSameHash(hash, one)).length > 0;
  const known = new Map<string, Remembered>();
  const wrong = new WrongTokens();
  const lookUp = lookUpTogether(findKeys);
  /** grows when everything is forgotten: what was asked before may be answered as it was before */
  let era = 0;

  const isFresh = ({ identity, at, staysGood }: Remembered) =>
    !isExpired(identity) && (staysGood || performance.now() - at < (isHearing() ? freshMs.hearing : freshMs.deaf));

  const remember = (hash: string, identity: Identity | null, askedIn: number, staysGood = false) => {
    if (askedIn !== era) return;
    known.delete(hash);
    if (identity === null) return;
    known.set(hash, { identity, at: performance.now(), staysGood });
    if (known.size > mostRemembered) known.delete(known.keys().next().value!);
  };

  /** Somebody who was known a short while ago does not wait for a database that hangs. */
  async function lookUpAgain(hash: string, { identity }: Remembered): Promise<Identity | null> {
    const askedIn = era;
    const asked = lookUp(hash);
    asked.then((found) => remember(hash, found, askedIn), () => {});
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Identity>((resolve) => {
      timer = setTimeout(resolve, patienceMs, identity);
    });
    return Promise.race([asked.catch(() => identity), late]).finally(() => clearTimeout(timer));
  }

  async function askDatabase(hash: string, seen: Remembered | undefined): Promise<Identity | null> {
    const isOver = seen !== undefined && (isExpired(seen.identity) || performance.now() - seen.at >= rememberedMs);
    if (seen && !isOver) return lookUpAgain(hash, seen);
    const askedIn = era;
    const identity = await lookUp(hash);
    remember(hash, identity, askedIn);
    return identity;
  }

  const identify: Authenticator['identify'] = async (token, addressOf) => {
    if (token === null || token.length > longestToken) return null;
    const hash = hashOf(token);
    if (isAdmin(hash)) return admin;
    const seen = known.get(hash);
    if (seen && isFresh(seen)) return seen.identity;
    if (verifyJwt && looksLikeJwt(token)) {
      const askedIn = era;
      const verified = await verifyJwt(token);
      if (typeof verified === 'object') {
        remember(hash, verified, askedIn, true);
        return verified;
      }
      // Whose token is over tries the next one: that is no guess.
      if (verified === 'refused') return null;
    } else {
      // A new key is one that nobody can have tried; the key of a JWT may have been read since.
      if (wrong.has(hash)) return null;
      const identity = await askDatabase(hash, seen);
      if (identity) return identity;
    }
    if (addressOf && !wrong.has(hash)) wrong.add(hash, addressOf());
    return null;
  };

  return {
    isAdminToken: (token) => token !== null && token.length <= longestToken && isAdmin(hashOf(token)),
    forget() {
      era += 1;
      known.clear();
    },
    async identify(token, addressOf) {
      for (;;) {
        const askedIn = era;
        const identity = await identify(token, addressOf);
        // Whoever was somebody when it was asked may be nobody by now.
        if (identity !== null && askedIn !== era) continue;
        if (identity?.keyId !== undefined) onUse?.(identity.keyId);
        return identity;
      }
    },
  };
}

const isExpired = ({ expiresAt }: Identity): boolean => expiresAt !== null && expiresAt <= Date.now();
