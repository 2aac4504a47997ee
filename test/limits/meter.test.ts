import { expect, test } from '@jest/globals';
import { Meter } from '../../src/limits/Meter.ts';
import { RateLimiter } from '../../src/limits/RateLimiter.ts';

/** A limiter that the database does not keep: each key has a bucket of this process. */
const limiterOf = (pointsPerSecond: number, burst: number) =>
  new RateLimiter({ pointsPerSecond, burst, lease: () => Promise.reject(new Error('no database')), onFailure: () => {} });
const somebody = { name: 'ada' };

async function* pieces(count: number, bytes: number): AsyncGenerator<Buffer> {
  for (let piece = 0; piece < count; piece++) yield Buffer.alloc(bytes);
}

async function lengthOf(source: AsyncIterable<Buffer>): Promise<number> {
  let length = 0;
  for await (const piece of source) length += piece.length;
  return length;
}

test('it begins with its points, and with those of a length that is known, or says when it may', async () => {
  const rate = limiterOf(1, 100);
  const meter = new Meter(rate, somebody, 0);
  expect(await meter.begin(60)).toBeNull();
  const refused = await meter.begin(60);
  expect(refused?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 20 });
  expect(await meter.begin(10, 5_000)).toBeNull();
  expect((await meter.begin(10))?.extensions).toMatchObject({ retryAfter: 5 });
});

test('bytes are points of 200, also where they come in small pieces', async () => {
  const rate = limiterOf(1, 100);
  const meter = new Meter(rate, somebody, 1);
  expect(await lengthOf(meter.counted(pieces(1_999, 10)))).toBe(19_990);
  await expect(lengthOf(meter.counted(pieces(40, 10)))).rejects.toMatchObject({ extensions: { code: 'RATE_LIMITED' } });
});

test('what has begun goes on as its key has points, and is never faster', async () => {
  const meter = new Meter(limiterOf(1_000, 100), somebody, 10_000);
  const started = performance.now();
  expect(await lengthOf(meter.counted(pieces(30, 4_000)))).toBe(120_000);
  // 600 points, of which a sixth was there.
  expect(performance.now() - started).toBeGreaterThan(490);
});

test('what would wait too long ends, and so does what it comes from', async () => {
  let isClosed = false;
  const source = (async function* () {
    try {
      yield* pieces(10, 30_000);
    } finally {
      isClosed = true;
    }
  })();
  await expect(lengthOf(new Meter(limiterOf(1, 100), somebody, 50).counted(source))).rejects.toMatchObject({ extensions: { code: 'RATE_LIMITED', http: { status: 429 } } });
  expect(isClosed).toBe(true);
});

test('OUTRIDER_TOKEN is not counted', async () => {
  const meter = new Meter(limiterOf(1, 10), { name: 'admin', isAdminToken: true }, 1);
  expect(await meter.begin(60)).toBeNull();
  expect(await lengthOf(meter.counted(pieces(100, 10_000)))).toBe(1_000_000);
});
