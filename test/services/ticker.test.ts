import { afterEach, expect, jest, test } from '@jest/globals';
import { Ticker } from '../../src/services/ticker.ts';
import { waitFor } from '../support/waitFor.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

test('a clock that is set back holds up neither what is noticed nor what is polled', async () => {
  const reads: (readonly string[] | null)[] = [];
  const ticker = new Ticker({
    read: async (noticed) => void reads.push(noticed), isNeeded: () => true, subject: 'a test', log: { warn: () => {} }, pollMs: 300,
  });
  try {
    ticker.schedule();
    await waitFor(() => reads.length > 0);
    const { now } = Date;
    jest.spyOn(Date, 'now').mockImplementation(() => now() - 3_600_000);
    ticker.notice('one');
    ticker.schedule();
    await waitFor(() => reads.some((noticed) => noticed?.includes('one')));
    reads.length = 0;
    expect(await waitFor(() => reads.includes(null))).toBe(true);
  } finally {
    ticker.close();
  }
});
