import { Bucket } from './Bucket.ts';
import type { Lease, LeasePoints } from './leasePoints.ts';

/** So long points that were leased may be used (ms): whoever is idle holds nothing back for a later burst. */
const leaseMs = 5_000;
/** How much of a second's points one lease takes, and of the bucket at most. */
const portion = { ofSecond: 0.5, ofBurst: 0.1 };
/** How long a request may wait for the database to lease (ms), and how long it is left alone after it did not. */
const patienceMs = 1_000;
const restMs = 5_000;
const mostAccounts = 10_000;

export interface RateOptions {
  /** 0: no limit */
  pointsPerSecond: number;
  /** what may be used at once after a pause */
  burst: number;
  lease: LeasePoints;
  /** tells that the database does not keep the limit now */
  onFailure(error: unknown): void;
  now?: () => number;
}

/** A bucket as it stands. */
export interface ThrottleStatus {
  maximumAvailable: number;
  currentlyAvailable: number;
  /** points a second */
  restoreRate: number;
}

interface Account {
  points: number;
  until: number;
  /** asked again no earlier: the bucket in the database is empty until then */
  blockedUntil: number;
  /** of the bucket in the database, when it was last asked */
  left: number;
  askedAt: number;
  leasing: Promise<void> | null;
  /** while the database does not answer */
  own: Bucket;
}

/**
 * One bucket of points a key, kept in the database for all processes together. A process leases points in portions, so that
 * most requests cost no statement; all portions together are never more than the limit. Where the database does not lease, each process
 * keeps a bucket of its own: a limit that cannot be kept stops nobody.
 */
export class RateLimiter {
  readonly #options: RateOptions;
  readonly #now: () => number;
  readonly #accounts = new Map<string, Account>();
  #restsUntil = 0;

  constructor(options: RateOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** @returns 0 when the points are taken, else how many milliseconds later they could be; a promise only where the database is asked */
  take(key: string, points: number): number | Promise<number> {
    const { pointsPerSecond, burst } = this.#options;
    if (pointsPerSecond === 0) return 0;
    const needed = Math.min(points, burst);
    const account = this.#accountOf(key);
    return this.#settle(account, needed) ?? this.#leaseFor(key, account, needed);
  }

  /** null where there is no limit */
  status(key: string): ThrottleStatus | null {
    const { pointsPerSecond, burst } = this.#options;
    if (pointsPerSecond === 0) return null;
    const account = this.#accountOf(key);
    const restored = ((this.#now() - account.askedAt) / 1000) * pointsPerSecond;
    const leased = this.#now() < account.until ? account.points : 0;
    return { maximumAvailable: burst, currentlyAvailable: Math.floor(Math.min(burst, account.left + restored + leased)), restoreRate: pointsPerSecond };
  }

  /** What is known without asking; undefined where the database has to be asked. */
  #settle(account: Account, needed: number): number | undefined {
    const now = this.#now();
    if (account.blockedUntil > now) return account.blockedUntil - now;
    if (account.until > now && account.points >= needed) {
      account.points -= needed;
      return 0;
    }
    return now < this.#restsUntil ? account.own.take(needed, now) : undefined;
  }

  async #leaseFor(key: string, account: Account, needed: number): Promise<number> {
    for (;;) {
      // Those who wait share a lease; whoever finds too little left asks again.
      account.leasing ??= this.#lease(key, account, needed).finally(() => {
        account.leasing = null;
      });
      await account.leasing;
      const settled = this.#settle(account, needed);
      if (settled !== undefined) return settled;
    }
  }

  async #lease(key: string, account: Account, needed: number): Promise<void> {
    const { pointsPerSecond, burst, lease, onFailure } = this.#options;
    const most = Math.max(needed, Math.min(pointsPerSecond * portion.ofSecond, burst * portion.ofBurst));
    try {
      const { granted, left, waitMs } = await inTime(lease(key, { needed, most, pointsPerSecond, burst }));
      const now = this.#now();
      account.points = (account.until > now ? account.points : 0) + granted;
      account.until = now + leaseMs;
      account.left = left;
      account.askedAt = now;
      if (granted === 0) account.blockedUntil = now + waitMs;
    } catch (error) {
      this.#restsUntil = this.#now() + restMs;
      onFailure(error);
    }
  }

  #accountOf(key: string): Account {
    const { pointsPerSecond, burst } = this.#options;
    let account = this.#accounts.get(key);
    if (!account) {
      account = { points: 0, until: 0, blockedUntil: 0, left: burst, askedAt: this.#now(), leasing: null, own: new Bucket(pointsPerSecond, burst) };
      this.#accounts.set(key, account);
      if (this.#accounts.size > mostAccounts) this.#accounts.delete(this.#accounts.keys().next().value!);
    }
    return account;
  }
}

function inTime(lease: Promise<Lease>): Promise<Lease> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`No points were leased within ${patienceMs} ms.`)), patienceMs);
  return Promise.race([lease, late.promise]).finally(() => clearTimeout(timer));
}
