import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { createContext, type Resources } from '../../src/app/requestContext.ts';
import { Role } from '../../src/domain/enums.ts';

const loader = fileURLToPath(new URL('../support/typescript.mjs', import.meta.url));
const program = fileURLToPath(new URL('./contextMemory.ts', import.meta.url));

test.each(['request', 'event'])('what a context (%s) has loaded is gone at a minor collection of garbage', async (kind) => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', loader, program, kind]);
  expect(Number(stdout)).toBeLessThan(2_000_000);
}, 60_000);

test('a context that was copied, as Apollo does, reads as the first one', () => {
  const reads = { db: {}, usePrimary: () => {} };
  const resources = { health: { isBroken: false }, replicas: { readsFor: () => reads } } as unknown as Resources;
  const context = createContext(resources, { name: 'ann', role: Role.VIEWER });
  const copy = Object.assign(Object.create(Object.getPrototypeOf(context)), context);
  expect(copy.db).toBe(reads.db);
});
