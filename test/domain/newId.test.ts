import { expect, test } from '@jest/globals';
import { validate, version } from 'uuid';
import { newId } from '../../src/domain/newId.ts';

test('ids are of version 7, differ and rise, over many blocks of randomness and many in a millisecond', () => {
  const ids = Array.from({ length: 20_000 }, newId);
  expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test('what follows the counter is random: two ids of one millisecond do not tell one another', () => {
  const tails = Array.from({ length: 2_000 }, () => newId().slice(-12));
  expect(new Set(tails).size).toBe(tails.length);
});

test('the time stands in front', () => {
  const before = Date.now();
  const at = Number.parseInt(newId().replaceAll('-', '').slice(0, 12), 16);
  expect(at).toBeGreaterThanOrEqual(before);
  expect(at).toBeLessThanOrEqual(Date.now());
});
