import { jest } from '@jest/globals';
import { paced } from '../../web/src/api/paced.ts';

const event = (id: string, sequence: number) => ({ data: { jobsChanged: { id, sequence } } });

describe('events that come faster than anybody can look', () => {
  let heard: unknown[] = [];
  const sink = { next: (result: unknown) => heard.push(result), error: () => heard.push('error'), complete: () => heard.push('complete') };

  beforeEach(() => {
    heard = [];
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('are handed on at once as long as they come one by one', () => {
    const { next } = paced(sink);
    next(event('a', 1));
    expect(heard).toEqual([event('a', 1)]);
    jest.runAllTimers();
    next(event('a', 2));
    expect(heard).toEqual([event('a', 1), event('a', 2)]);
  });

  it('become the latest of each thing', () => {
    const { next } = paced(sink);
    next(event('a', 1));
    for (let sequence = 2; sequence <= 100; sequence++) for (const id of ['a', 'b']) next(event(id, sequence));
    expect(heard).toHaveLength(1);
    jest.runAllTimers();
    expect(heard).toEqual([event('a', 1), event('a', 100), event('b', 100)]);
  });

  it.each(['complete', 'error'] as const)('are all there before the %s', (end) => {
    const { next, [end]: finish } = paced(sink);
    next(event('a', 1));
    next(event('a', 2));
    finish(undefined);
    expect(heard).toEqual([event('a', 1), event('a', 2), end]);
    jest.runAllTimers();
    expect(heard).toHaveLength(3);
  });
});
