import { expect, test } from '@jest/globals';
import { filterOf, jobsSearch } from '../../web/src/pages/jobs/search.ts';
import { ratesOf } from '../../web/src/pages/job/rates.ts';

const interval = (second: number, seconds: number, written: number) => ({ at: new Date(Date.UTC(2026, 10, 21, 10, 0, second)).toISOString(), seconds, written });

test('rates are per second where one is fast', () => {
  expect(ratesOf([interval(0, 2, 10), interval(2, 2, 6)], 'DRAFT')).toMatchObject({ values: [5, 3], unit: 'drafts a second' });
});

test.each([
  [60, 2, 'messages a minute'],
  [3_600, 2, 'messages an hour'],
])('slow ones are in the unit that makes them readable: %d s for %d', (seconds, written, unit) => {
  const rates = ratesOf([interval(0, seconds, written), interval(1, seconds, written)], 'SEND');
  expect(rates.unit).toBe(unit);
  expect(rates.values[0]).toBeCloseTo(written);
});

test('a last interval that is too short to say anything counts with the one before it', () => {
  const { times, values } = ratesOf([interval(0, 2, 4), interval(2, 2, 4), interval(4, 0.1, 2)], 'IMPORT');
  expect(times).toHaveLength(2);
  expect(values[1]).toBeCloseTo(6 / 2.1);
});

test('nothing written is a rate of nothing, not of no unit', () => {
  expect(ratesOf([interval(0, 1, 0), interval(1, 1, 0)], 'DISCOVER')).toMatchObject({ values: [0, 0], unit: 'prospects a second' });
});

test('days of the address are whole days of UTC', () => {
  expect(filterOf(jobsSearch({ from: '2026-11-20', to: '2026-11-21' }))).toEqual({
    status: undefined, type: undefined, createdAfter: '2026-11-19T23:59:59.999Z', createdBefore: '2026-11-22T00:00:00.000Z',
  });
});

test('what is no day and no state is left out', () => {
  expect(jobsSearch({ from: '2026-13-45', to: 'yesterday', status: 'LOST', order: 'NEWEST' })).toEqual({ order: 'NEWEST' });
});
