import { expect, test } from '@jest/globals';
import { createContext, createSharedContext, type Resources } from '../../src/app/requestContext.ts';
import { Role } from '../../src/domain/enums.ts';
import { keptBytes } from '../support/keptBytes.ts';

const reads = { db: {}, usePrimary: () => {} };
const resources = { health: { isBroken: false }, replicas: { readsFor: () => reads } } as unknown as Resources;

test.each([
  ['a request', () => createContext(resources, { name: 'ann', role: Role.VIEWER })],
  ['an event', () => createSharedContext(resources, Role.VIEWER)],
])('what the context of %s has loaded is gone at a minor collection of garbage', async (_what, create) => {
  const kept = await keptBytes(async () => {
    for (let time = 0; time < 300; time += 1) {
      const rows = Array.from({ length: 1_000 }, (_, row) => `${time} ${row}`);
      await create().loaders.for({}, 'rows', () => ({ name: 'rows', load: async () => [rows] })).load('x');
    }
  });
  expect(kept).toBeLessThan(2_000_000);
});

test('a context that was copied, as Apollo does, reads as the first one', () => {
  const context = createContext(resources, { name: 'ann', role: Role.VIEWER });
  const copy = Object.assign(Object.create(Object.getPrototypeOf(context)), context);
  expect(copy.db).toBe(reads.db);
});
