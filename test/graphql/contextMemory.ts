// A process of its own, because what others left in memory decides when a collection is a minor one: prints what contexts keep, in bytes.
import { createContext, createSharedContext, type Resources } from '../../src/app/requestContext.ts';
import { Role } from '../../src/domain/enums.ts';
import { keptBytes } from '../support/keptBytes.ts';

const reads = { db: {}, usePrimary: () => {} };
const resources = { health: { isBroken: false }, replicas: { readsFor: () => reads } } as unknown as Resources;

const contexts = {
  request: () => createContext(resources, { name: 'ann', role: Role.VIEWER }),
  event: () => createSharedContext(resources, Role.VIEWER),
};
const create = contexts[process.argv[2] as keyof typeof contexts];
const kept = await keptBytes(async () => {
  for (let time = 0; time < 300; time += 1) {
    const rows = Array.from({ length: 1_000 }, (_, row) => `${time} ${row}`);
    await create().loaders.for({}, 'rows', () => ({ name: 'rows', load: async () => [rows] })).load('x');
  }
});
console.log(kept);
