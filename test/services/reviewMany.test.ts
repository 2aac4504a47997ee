import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { reviewProspects } from '../../src/services/reviewProspects.ts';
import { databaseFailure } from '../../src/domain/databaseErrors.ts';
import { createOrm } from '../../src/database/createOrm.ts';
import { RequestScope } from '../../src/limits/RequestScope.ts';
import { JobBench } from '../jobs/support.ts';

/** `REVIEW_ROWS=100000 npm test -- test/services/reviewMany` decides over as many as one call is made for, and says what that took. */
const count = Number(process.env['REVIEW_ROWS'] ?? 5_000);

let bench: JobBench;
beforeAll(async () => {
  bench = await JobBench.open();
  await bench.query(
    `insert into prospects (id, canonical_key, display_name) select gen_random_uuid(), 'p' || n, 'Prospect ' || n from generate_series(1, $1) n`,
    [count],
  );
}, 300_000);
afterAll(() => bench.close());

test('one call decides over all that a filter selects, with an activity for each, and is taken back as a whole', async () => {
  const before = process.memoryUsage().rss;
  const started = performance.now();
  const decided = await reviewProspects(bench.context, { filter: {}, expectedCount: count, decision: 'approve' });
  const seconds = (performance.now() - started) / 1_000;
  const grownMB = (process.memoryUsage().rss - before) / 2 ** 20;
  if (process.env['REVIEW_ROWS']) process.stderr.write(`${count} in ${seconds.toFixed(1)} s, ${grownMB.toFixed(0)} MB more\n`);

  expect(decided).toMatchObject({ changedCount: count, failedCount: 0, userErrors: [] });
  expect(decided.changedIds).toHaveLength(100);
  expect(await bench.query(`select count(*)::int as n from activities where action = 'prospect.reviewed'`)).toEqual([{ n: count }]);

  const undone = await reviewProspects(bench.context, { batch: decided.batch, decision: 'reopen' });
  expect(undone).toMatchObject({ changedCount: count, userErrors: [] });
}, 300_000);

describe('with the limit that a statement of a request has', () => {
  const limitMs = 100;
  let orm: Awaited<ReturnType<typeof createOrm>>;
  beforeAll(async () => {
    orm = await createOrm({ url: bench.database.url, statementTimeoutMs: limitMs });
  });
  afterAll(() => orm.close());
  const context = () => ({ ...bench.context, em: orm.em.fork() });
  const unhurriedly = <Result>(run: () => Promise<Result>): Promise<Result> => {
    const scope = new RequestScope();
    scope.takeTime();
    return scope.run(run);
  };

  test('a filter takes the time that its rows need', async () => {
    const started = performance.now();
    const decided = await unhurriedly(() => reviewProspects(context(), { filter: {}, expectedCount: count, decision: 'reject' }));
    expect(decided.changedCount).toBe(count);
    expect(performance.now() - started).toBeGreaterThan(limitMs);
  }, 300_000);

  test('a row that somebody holds is waited for no longer, and nothing has changed then', async () => {
    const holder = await bench.pool.connect();
    try {
      await holder.query('begin; select from prospects limit 1 for update');
      const review = unhurriedly(() => reviewProspects(context(), { filter: {}, expectedCount: count, decision: 'reopen' }));
      await expect(review.catch(databaseFailure)).resolves.toBe('timeout');
    } finally {
      await holder.query('rollback');
      holder.release();
    }
    expect(await bench.query(`select count(*)::int as n from prospects where review_status = 'rejected'`)).toEqual([{ n: count }]);
  });

  test('what the transaction was given ends with it', async () => {
    expect(await orm.em.fork().execute(`select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock`)).toEqual([
      { statement: '100ms', lock: '0' },
    ]);
  });
});
