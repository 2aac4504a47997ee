import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Pool } from 'pg';
import { createLeasing, type Lease, type LeasePoints, type Wanted } from '../../src/limits/leasePoints.ts';
import { openRateLimiter } from '../../src/limits/openRateLimiter.ts';
import { RateLimiter } from '../../src/limits/RateLimiter.ts';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';

describe('what a process does with what it leases', () => {
  let now = 0;
  let asked: Wanted[] = [];
  let failures: unknown[] = [];
  let answer: LeasePoints;
  const limiter = () =>
    new RateLimiter({
      pointsPerSecond: 100, burst: 1_000, now: () => now, onFailure: (error) => failures.push(error),
      lease: (key, wanted) => {
        asked.push(wanted);
        return answer(key, wanted);
      },
    });
  const grant: LeasePoints = async (_key, { most }): Promise<Lease> => ({ granted: most, left: 500, waitMs: 1 });

  beforeEach(() => {
    now = 0;
    asked = [];
    failures = [];
    answer = grant;
  });

  test('one lease serves many requests, without a promise', async () => {
    const rate = limiter();
    expect(await rate.take('key', 10)).toBe(0);
    expect(asked).toMatchObject([{ needed: 10, most: 50 }]);
    for (let time = 0; time < 4; time++) expect(rate.take('key', 10)).toBe(0);
    expect(asked).toHaveLength(1);
    await rate.take('key', 10);
    expect(asked).toHaveLength(2);
  });

  test('requests that come at once share a lease as far as it goes', async () => {
    const rate = limiter();
    expect(await Promise.all(Array.from({ length: 10 }, () => rate.take('key', 10)))).toEqual(Array(10).fill(0));
    expect(asked).toHaveLength(2);
  });

  test('what was leased and not used is gone after five seconds', async () => {
    const rate = limiter();
    await rate.take('key', 10);
    now += 5_001;
    await rate.take('key', 10);
    expect(asked).toHaveLength(2);
  });

  test('whoever is refused is not asked for again before there is something', async () => {
    const rate = limiter();
    answer = async () => ({ granted: 0, left: 0, waitMs: 300 });
    expect(await rate.take('key', 10)).toBe(300);
    now += 100;
    expect(rate.take('key', 10)).toBe(200);
    expect(asked).toHaveLength(1);
    answer = grant;
    now += 200;
    expect(await rate.take('key', 10)).toBe(0);
    expect(rate.take('other', 10)).toBeInstanceOf(Promise);
  });

  test.each<[string, LeasePoints]>([
    ['fails', () => Promise.reject(new Error('no database'))],
    ['never answers', () => new Promise(() => {})],
  ])('while the database %s, the process keeps a bucket of its own, and asks again after five seconds', async (_how, lost) => {
    const rate = limiter();
    answer = lost;
    expect(await rate.take('key', 600)).toBe(0);
    expect(failures).toHaveLength(1);
    expect(rate.take('key', 400)).toBe(0);
    expect(rate.take('key', 100)).toBe(1_000);
    now += 1_000;
    expect(rate.take('key', 100)).toBe(0);
    expect(asked).toHaveLength(1);
    answer = grant;
    now += 4_001;
    expect(await rate.take('key', 100)).toBe(0);
    expect(asked).toHaveLength(2);
  });

  test('a request that costs more than the bucket holds takes all of it', async () => {
    const rate = limiter();
    await rate.take('key', 1_000_000);
    expect(asked[0]!.needed).toBe(1_000);
  });

  test('without a limit nobody is asked', () => {
    const rate = new RateLimiter({ pointsPerSecond: 0, burst: 1, lease: grant, onFailure: () => {} });
    expect(rate.take('key', 1_000_000)).toBe(0);
    expect(rate.status('key')).toBeNull();
  });
});

describe('the bucket in the database', () => {
  let database: TestDatabase;
  let pools: Pool[];
  beforeAll(async () => {
    database = await createTestDatabase();
    pools = Array.from({ length: 4 }, () => new Pool({ connectionString: database.url, max: 1 }));
    // A connection that is just closing is ended with its database.
    for (const pool of pools) pool.on('error', () => {});
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await database.drop();
  });

  test('four processes together never get more than the limit, and all of it', async () => {
    const limiters = pools.map((pool) => new RateLimiter({ pointsPerSecond: 10, burst: 1_000, lease: createLeasing(pool), onFailure: (error) => { throw error; } }));
    const startedAt = Date.now();
    let used = 0;
    await Promise.all(limiters.flatMap((rate) => Array.from({ length: 25 }, async () => {
      for (let time = 0; time < 4; time++) if ((await rate.take('everybody', 10)) === 0) used += 10;
    })));
    const most = 1_000 + ((Date.now() - startedAt) / 1000) * 10;
    expect(used).toBeLessThanOrEqual(most);
    // Each process may hold a portion that it has not used.
    expect(used).toBeGreaterThanOrEqual(1_000 - 4 * 100);
  });

  test('it fills again, by the clock of the database', async () => {
    const lease = createLeasing(pools[0]!);
    const wanted = { needed: 100, most: 100, pointsPerSecond: 1, burst: 100 };
    expect(await lease('filling', wanted)).toMatchObject({ granted: 100, left: 0 });
    const refused = await lease('filling', wanted);
    expect(refused.granted).toBe(0);
    expect(refused.waitMs).toBeGreaterThan(90_000);
    expect(refused.waitMs).toBeLessThanOrEqual(100_000);
    await queryOnce(database.url, `update rate_limits set expire = expire - 50000 where key = 'requests:filling'`);
    expect(await lease('filling', { ...wanted, needed: 10 })).toMatchObject({ granted: expect.closeTo(50, -0.5) });
  });

  test('keys do not share it', async () => {
    const lease = createLeasing(pools[0]!);
    const wanted = { needed: 100, most: 100, pointsPerSecond: 1, burst: 100 };
    await lease('one', wanted);
    expect((await lease('one', wanted)).granted).toBe(0);
    expect((await lease('two', wanted)).granted).toBe(100);
  });
});

test('where nothing listens, a process goes on with a bucket of its own', async () => {
  const warnings: string[] = [];
  const { rate, close } = openRateLimiter({ url: 'postgresql://nobody@127.0.0.1:1/none', pointsPerSecond: 1, burst: 20, log: { warn: (_details, message) => warnings.push(message) } });
  expect(await rate.take('key', 20)).toBe(0);
  expect(await rate.take('key', 20)).toBeGreaterThan(0);
  expect(warnings).toHaveLength(1);
  await close();
});
