import { causeIn, reportAfter } from './support.ts';

const check = (expression: string) => [
  'alter table prospects drop constraint prospects_follower_count_not_negative',
  `alter table prospects add constraint prospects_follower_count_not_negative check (${expression})`,
];
const lengthCheck = (expression: string) => [
  'alter table prospects drop constraint prospects_display_name_length',
  `alter table prospects add constraint other_name check (${expression})`,
];
const failedIndex = (predicate: string) => ['drop index job_targets_failed', `create index job_targets_failed on job_targets (job_id, code, ordinal) where ${predicate}`];
const claimable = (predicate: string) => ['drop index job_chunks_claimable', `create index job_chunks_claimable on job_chunks (job_id, number) where ${predicate}`];

const same: [what: string, ...statements: string[]][] = [
  ['a check with its operands turned round', ...check('0 <= follower_count')],
  ['a check by its contrary', ...check('not (follower_count < 0)')],
  ['a check that says NULL passes', ...check('follower_count is null or follower_count >= 0')],
  ['a check of a range in another order and under another name', ...lengthCheck('char_length(display_name) <= 500 and 1 <= char_length(display_name)')],
  ['a predicate as a list of one', ...failedIndex(`outcome in ('failed')`)],
  ['a predicate in another order', ...claimable(`state = 'running' or state = 'ready'`)],
  ['now() and current_timestamp', 'alter table jobs alter column created_at set default current_timestamp'],
  ['a default with a cast', `alter table jobs alter column attempt set default '1'::text::int`],
  ['a default that PostgreSQL works out', 'alter table jobs alter column attempt set default abs(-1)'],
];

const different: [what: string, direction: string, ...statements: string[]][] = [
  ['a check that accepts more', 'It is looser', ...check('follower_count >= -5')],
  ['a check that accepts less', 'It is stricter', ...check('follower_count >= 5')],
  ['a predicate that covers more', 'It covers more rows', ...failedIndex(`outcome in ('failed', 'skipped')`)],
  ['a predicate that covers fewer', 'It covers fewer rows', ...claimable(`state = 'ready'`)],
  ['a time of another meaning', 'has the default', 'alter table jobs alter column created_at set default clock_timestamp()'],
  ['a time that is now by chance only', 'has the default', `alter table jobs alter column created_at set default date_trunc('day', now())`],
  ['a constant in the place of a time', 'has the default', `alter table jobs alter column created_at set default '2026-01-01'`],
];

describe('of expressions that are spelled differently', () => {
  test.each(same)('%s is the same', async (_, ...statements) => {
    const { drift, status } = await reportAfter(...statements);

    expect(drift).toEqual([]);
    expect(status).toBe('READY');
  });

  test.each(different)('%s is a difference, and the message says which', async (_, direction, ...statements) => {
    const report = await reportAfter(...statements);

    expect(report.drift).toHaveLength(1);
    expect(causeIn(report)?.message).toContain(direction);
  });

  test('a default that draws from a sequence is not drawn', async () => {
    const { drift } = await reportAfter('create sequence s', `alter table jobs alter column attempt set default nextval('s')`);

    expect(drift.map(({ id }) => id)).toEqual(['COLUMN_DEFAULT:jobs.attempt']);
  });
});
