import { Pool } from 'pg';
import type { RateLimit } from '../config/limits.ts';
import { createLeasing } from './leasePoints.ts';
import { RateLimiter } from './RateLimiter.ts';

/** One connection of its own: where all others are taken by what is slow, the limit holds all the same. */
const connection = { max: 1, idleTimeoutMillis: 10_000, connectionTimeoutMillis: 1_000, query_timeout: 1_000 };

export interface RateLimiterOptions extends RateLimit {
  /** postgresql://… */
  url: string;
  log: { warn(details: object, message: string): void };
}

/** The limit of every key, held in the table `rate_limits`; connects when it is first needed. */
export function openRateLimiter({ url, pointsPerSecond, burst, log }: RateLimiterOptions): { rate: RateLimiter; close(): Promise<void> } {
  const pool = new Pool({ connectionString: url, application_name: 'outrider limits', ...connection });
  // A lost connection is told by the next statement.
  pool.on('error', () => {});
  const rate = new RateLimiter({
    pointsPerSecond, burst,
    lease: createLeasing(pool),
    onFailure: (error) => log.warn({ err: error }, 'The database does not keep the rate limits now: this process keeps its own.'),
  });
  return { rate, close: () => pool.end() };
}
