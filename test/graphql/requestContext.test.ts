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
});

test('a context that was copied reads as the first one: nothing of it is an accessor, which a copy would lose', () => {
  const reads = { db: {}, usePrimary: () => {} };
  const resources = { health: { isBroken: false }, replicas: { readsFor: () => reads } } as unknown as Resources;
  const context = createContext(resources, { name: 'ann', role: Role.VIEWER });
  const copy = { ...context };
  expect(copy.db).toBe(reads.db);
  expect(Object.values(Object.getOwnPropertyDescriptors(context)).every((property) => 'value' in property)).toBe(true);
  expect(Object.getPrototypeOf(context)).toBe(Object.prototype);
});
