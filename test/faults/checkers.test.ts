import { describe, expect, test } from '@jest/globals';
import { Audience } from './storm/Audience.ts';
import { Hearing } from './storm/Hearing.ts';
import { Ledger } from './storm/Ledger.ts';
import { findSlow } from './storm/runStorm.ts';

/** What the storm's checkers look at while it goes on; those of its end are in storm.test.ts, beside a database. */

test('the rows of jobs: progress that falls, an end that is taken back, a change that nobody can order', () => {
  const ledger = new Ledger();
  const job = { id: 'j', status: 'running', sequence: 5, processed: 10 };
  for (const seen of [job, { ...job, sequence: 4 }, { ...job, sequence: 6, processed: 9 }, { ...job, sequence: 6, processed: 11 }, { ...job, sequence: 7, status: 'failed', processed: 11 }, { ...job, sequence: 8, processed: 11 }]) ledger.watch(seen);

  expect(ledger.complaints.map((line) => /: (.*?) \(/.exec(line)![1])).toEqual(['its sequence fell', 'what it has processed fell', 'it changed without a new sequence', 'it ended twice']);
});

describe('a subscriber', () => {
  const state = { id: 'j', status: 'RUNNING', sequence: 5, processed: 10 };
  /** The complaints about what is heard, each time with its connection. */
  const complaintsOf = (...heard: [Partial<typeof state>, number][]) => {
    const complaints: string[] = [];
    const hearing = new Hearing('j', (complaint) => complaints.push(/^a subscriber of j (.*?) \(/.exec(complaint)![1]!));
    for (const [seen, connection] of heard) hearing.hear({ ...state, ...seen }, connection);
    return complaints;
  };

  test.each<[string, string, [Partial<typeof state>, number][]]>([
    ['an older state', 'was told an older state', [[{}, 1], [{ sequence: 4 }, 1]]],
    ['an older state after it has connected again', 'was told an older state', [[{}, 1], [{ sequence: 4 }, 2]]],
    ['less progress', 'was told less progress', [[{}, 1], [{ sequence: 6, processed: 9 }, 1]]],
    ['one state twice', 'was told one state twice', [[{}, 1], [{}, 1]]],
    ['another state of one number', 'was told another state of one number', [[{}, 1], [{ processed: 11 }, 2]]],
    ['that the end was none', 'was told that the end was none', [[{ status: 'SUCCEEDED' }, 1], [{ sequence: 6 }, 2]]],
  ])('who is told %s complains', (_what, complaint, heard) => {
    expect(complaintsOf(...heard)).toEqual([complaint]);
  });

  test('who is told what is newer, and the present state once more after it has connected again, does not', () => {
    expect(complaintsOf([{}, 1], [{ sequence: 7, processed: 12 }, 1], [{ sequence: 7, processed: 12 }, 2], [{ sequence: 9, status: 'SUCCEEDED', processed: 20 }, 2])).toEqual([]);
  });

  test('who misses the end is missed', async () => {
    const ledger = new Ledger();
    const audience = new Audience({ servers: [{ url: 'http://127.0.0.1:1/' }] as never }, ledger);
    audience.watch('a job that nobody tells of');
    await audience.close(0);

    expect(ledger.complaints).toEqual(['50 subscribers have not heard the end of their job']);
  });
});

test('a service that is back later than 10 s after PostgreSQL is found, whether or not PostgreSQL itself took long; other faults have no such limit', () => {
  const recovery = { kind: 'PostgreSQL stopped hard and started', serviceMs: 10_500, acceptedMs: 400, workMs: 11_000 };
  expect(findSlow([recovery])).toHaveLength(1);
  expect(findSlow([{ ...recovery, serviceMs: null }])).toHaveLength(1);
  expect(findSlow([{ ...recovery, acceptedMs: 600 }])).toEqual([]);
  expect(findSlow([{ ...recovery, kind: 'server killed (SIGKILL)' }])).toEqual([]);
});
