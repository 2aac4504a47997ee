import { expect, test } from '@jest/globals';
import { readEnvironment } from '../../src/config/environment.ts';

test.each([
  ['another scheme', 'kafka://user:secret@broker:9092'],
  ['no host', 'redis://'],
  ['two servers of Redis', 'redis://one:6379,redis://two:6379'],
  ['Redis and NATS at once', 'redis://one:6379,nats://two:4222'],
  ['a path that no channel can have', 'nats://one:4222/a.b>'],
  ['a password with a slash in it', 'redis://user:secret/word@one:6379'],
])('EVENTS_URL with %s is refused with what it must look like, and without what it is', (_what, url) => {
  expect(() => readEnvironment({ EVENTS_URL: url })).toThrow(
    'Set EVENTS_URL to another value: must look like redis://user:password@host:6379 or nats://user:password@host:4222, with TLS rediss:// or tls://; or like DATABASE_URL, past its pooler.',
  );
});

test.each(['redis://localhost', 'rediss://user:password@redis.example:6380/staging', 'nats://token@one:4222', 'tls://one, tls://two'])('%s is taken', (url) => {
  expect(readEnvironment({ EVENTS_URL: url }).eventsUrl).toBe(url);
});
