import type { MikroORM } from '@mikro-orm/postgresql';
import type { Kysely } from 'kysely';
import { reasonOf } from '../health/unreachable.ts';
import { askIdentity, refusalOf, type Identity } from './identity.ts';
import type { PrimaryLog } from './PrimaryLog.ts';
import { Probe } from './Probe.ts';
import { openReadPool, type ReadPool } from './readPool.ts';

/** How a replica stands, as this process sees it. */
export interface ReplicaState {
  /** host:port */
  name: string;
  /** whether reads go there */
  inUse: boolean;
  /** how long ago the primary was where it is now; 0 when it has everything, null when that is not known */
  lagMs: number | null;
  /** what it has still to replay; null when that is not known */
  lagBytes: number | null;
  /** why it is left out, one sentence; null while it is in use */
  reason: string | null;
}

export interface ReplicaOptions {
  orm: MikroORM;
  url: string;
  primary: PrimaryLog;
  maxLagMs: number;
  log: { info(details: object, message: string): void; warn(details: object, message: string): void };
}

/** A replica whose last answer is older (ms) gets no new reads; one that is down is known to be so soon after. */
const freshMs = 500;

/** Whatever changes within one of them is no news. */
type Standing = 'new' | 'in use' | 'lost' | 'refused' | 'behind';

/** One server of DATABASE_REPLICA_URLS. */
export class Replica {
  readonly name: string;
  readonly #options: ReplicaOptions;
  readonly #probe: Probe;
  readonly #pool: ReadPool;
  #position = 0;
  #answeredAt = -Infinity;
  #standing: Standing = 'new';
  /** null: in use */
  #reason: string | null;
  #isClosed = false;
  /** reads that wait for it */
  reading = 0;

  constructor(options: ReplicaOptions) {
    const { hostname, port } = new URL(options.url);
    this.name = `${hostname}:${port || 5432}`;
    this.#options = options;
    this.#probe = new Probe(options.url, 'outrider replicas');
    this.#pool = openReadPool(options.orm, options.url);
    this.#reason = `${this.name} was not asked yet.`;
  }

  get db(): Kysely<never> {
    return this.#pool.db;
  }

  get state(): ReplicaState {
    const { primary } = this.#options;
    const isKnown = this.#answeredAt > -Infinity && primary.latest !== null;
    return {
      name: this.name,
      inUse: this.#reason === null,
      lagMs: !isKnown ? null : primary.isNewest(this.#position) ? 0 : primary.ageOf(this.#position),
      lagBytes: isKnown ? Math.max(0, primary.latest! - this.#position) : null,
      reason: this.#reason,
    };
  }

  /** Whether a read that has to be as new as `floor` may go there now. */
  serves(floor: number): boolean {
    return this.#reason === null && this.#position >= floor && performance.now() - this.#answeredAt < freshMs;
  }

  /** Asks it how it stands, and judges. Never rejects. */
  async look(): Promise<void> {
    try {
      const identity = await this.#probe.ask<Identity>(askIdentity);
      this.#position = identity.position;
      this.#answeredAt = performance.now();
      this.#judge(identity);
    } catch (error) {
      if (!this.#isClosed) this.#lost(error);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#probe.close();
    await this.#pool.close();
  }

  /** Whoever waits for its answer is sent to the primary. */
  #lost(error: unknown): void {
    this.#leaveOut('lost', `${this.name} cannot be used: ${reasonOf(error)}.`);
    this.#pool.cut();
  }

  #judge(identity: Identity): void {
    const { primary, maxLagMs } = this.#options;
    if (!primary.identity) return this.#leaveOut('behind', `It is not known how far ${this.name} is behind: the primary does not answer.`);
    const refusal = refusalOf(identity, primary.identity);
    if (refusal) return this.#leaveOut('refused', `${this.name} ${refusal}.`);
    const age = primary.ageOf(identity.position);
    if (age === null || age > maxLagMs) {
      const seconds = age === null ? 'longer than is remembered' : `${(age / 1000).toFixed(1)} s`;
      return this.#leaveOut('behind', `${this.name} is behind (${seconds}; DATABASE_REPLICA_MAX_LAG allows ${maxLagMs / 1000} s).`);
    }
    this.#reason = null;
    this.#stand('in use', () => this.#options.log.info({ replica: this.name }, 'a replica serves reads'));
  }

  #leaveOut(standing: Standing, reason: string): void {
    this.#reason = reason;
    this.#stand(standing, () => this.#options.log.warn({ replica: this.name, reason }, 'a replica is left out: its reads go to the primary'));
  }

  #stand(standing: Standing, tell: () => void): void {
    if (this.#standing === standing) return;
    this.#standing = standing;
    tell();
  }
}
