import type { SchemaDrift } from '../../src/health/health.ts';
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

const finished = (expression: string) => ['alter table jobs drop constraint jobs_finished_at_in_terminal_states', `alter table jobs add check (${expression})`];
const oneOpen = (predicate: string) => ['drop index email_drafts_one_open', `create unique index email_drafts_one_open on email_drafts (prospect_id) where ${predicate}`];
const processed = (expression: string) => ['alter table jobs drop column processed', `alter table jobs add column processed int generated always as (${expression}) stored not null`];
/** The trigger of the migrations with another condition. */
const transition = (condition: string) => `do $$ declare was text := (select pg_get_triggerdef(oid) from pg_trigger where tgname = 'jobs_transition');
  begin drop trigger jobs_transition on jobs; execute regexp_replace(was, 'WHEN \\(.*\\) EXECUTE', 'WHEN (${condition}) EXECUTE'); end $$`;

const same: [what: string, ...statements: string[]][] = [
  ['a check with its operands turned round', ...check('0 <= follower_count')],
  ['a check by its contrary', ...check('not (follower_count < 0)')],
  ['a check that says NULL passes', ...check('follower_count is null or follower_count >= 0')],
  ['a check of a range in another order and under another name', ...lengthCheck('char_length(display_name) <= 500 and 1 <= char_length(display_name)')],
  ['a predicate as a list of one', ...failedIndex(`outcome in ('failed')`)],
  ['a predicate in another order', ...claimable(`state = 'running' or state = 'ready'`)],
  ['a check of whole numbers above -1', ...check('follower_count > -1')],
  ['a check with a NULL that passes by a default', ...check('coalesce(follower_count, 0) >= 0')],
  ['a check of a range by its edges, of a function by another name', ...lengthCheck('length(display_name) > 0 and length(display_name) < 501')],
  ['a check of two conditions turned round', ...finished(`(status in ('failed', 'cancelled', 'succeeded', 'completed_with_errors')) = (finished_at is not null)`)],
  ['a check of two conditions by their contraries', ...finished(`(finished_at is null) = (status in ('pending', 'running', 'paused', 'cancelling'))`)],
  ['a check by cases', ...finished(`case when status in ('cancelled', 'succeeded', 'completed_with_errors', 'failed') then finished_at is not null else finished_at is null end`)],
  ['a check of labels as texts', ...finished(`(finished_at is not null) = (status::text in ('cancelled', 'succeeded', 'completed_with_errors', 'failed'))`)],
  ['a check of the least as a check of each', 'alter table jobs drop constraint jobs_counters_not_negative', 'alter table jobs add check (done_count >= 0 and failed_count >= 0 and skipped_count >= 0 and drafts_created >= 0)'],
  ['a predicate by the other labels', ...claimable(`state not in ('done', 'cancelled')`)],
  ['a predicate of what is never NULL', 'drop index email_drafts_follow_up', 'create index email_drafts_follow_up on email_drafts (created_at, id) where is_follow_up is true'],
  ['a predicate of a unique index by the other labels', ...oneOpen(`is_follow_up is not true and status not in ('none', 'rejected', 'failed')`)],
  ['an expression of an index by cases', 'drop index jobs_finished_at', `create index jobs_finished_at on jobs ((case when finished_at is null then 'infinity'::timestamptz else finished_at end), id)`],
  ['an expression of an index with a cast', 'drop index prospects_display_name', 'create index prospects_display_name on prospects (lower(display_name::varchar), id)'],
  ['a sum in another order', ...processed('skipped_count + (failed_count + done_count)')],
  ['a sum that is never NULL with a default', ...processed('coalesce(done_count + failed_count + skipped_count, 0)')],
  ['a condition of a trigger turned round', transition('new.status is distinct from old.status')],
  ['a condition of a trigger by its contrary', transition('old.status <> new.status')],
  ['a default of an enum as text', `alter table jobs alter column status set default ('pending'::text)::job_status`],
  ['a default of an empty object', 'alter table jobs alter column parameters set default jsonb_build_object()'],
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

const consequences: [what: string, drift: Partial<SchemaDrift>, words: string, ...statements: string[]][] = [
  ['a looser check', { kind: 'CHECK', effect: 'SILENT', sqlState: null }, 'a row with follower_count = -5 should be refused and is accepted', ...check('follower_count >= -5')],
  ['a stricter check', { kind: 'CHECK', effect: 'WRITE_FAILS', sqlState: '23514' }, 'a row with follower_count = 0 should be accepted and is refused', ...check('follower_count > 0')],
  ['a check that refuses NULL too', { kind: 'CHECK', effect: 'WRITE_FAILS', sqlState: '23514' }, 'follower_count is null', ...check('follower_count is not null and follower_count >= 0')],
  ['a check that is looser here and stricter there', { kind: 'CHECK', effect: 'SILENT', sqlState: '23514' }, 'looser here and stricter there', ...finished(`(finished_at is not null) = (status in ('cancelled', 'succeeded', 'failed'))`)],
  ['a check that cannot be compared', { kind: 'CHECK', effect: 'SILENT' }, 'could not be proved', ...lengthCheck('octet_length(display_name) between 1 and 500')],
  ['a missing check', { kind: 'CHECK', effect: 'SILENT' }, 'For example, one with follower_count = -1 is accepted now', 'alter table prospects drop constraint prospects_follower_count_not_negative'],
  ['a check that is not ours', { kind: 'CHECK', effect: 'WRITE_FAILS', sqlState: '23514' }, 'For example, a row with follower_count = 1000 is refused', 'alter table prospects add check (follower_count < 1000)'],
  ['a check in two parts of which one is looser', { kind: 'CHECK', effect: 'SILENT' }, 'length(display_name) = 600', 'alter table prospects drop constraint prospects_display_name_length', 'alter table prospects add check (length(display_name) >= 1)', 'alter table prospects add check (length(display_name) <= 600)'],
  ['a unique index of fewer rows', { kind: 'UNIQUE', effect: 'SILENT' }, `not one with is_follow_up = false, status = 'sent'`, ...oneOpen(`not is_follow_up and status in ('generating', 'pending_review', 'approved')`)],
  ['a unique index of more rows', { kind: 'UNIQUE', effect: 'WRITE_FAILS', sqlState: '23505' }, 'is_follow_up = true', ...oneOpen(`status in ('generating', 'pending_review', 'approved', 'sent')`)],
  ['an index of fewer rows', { kind: 'INDEX', effect: 'SLOW' }, `not one with state = 'running'`, ...claimable(`state = 'ready'`)],
  ['an index of all rows', { kind: 'INDEX', effect: 'NONE', severity: 'INFO' }, 'only larger than it need be', 'drop index job_targets_failed', 'create index job_targets_failed on job_targets (job_id, code, ordinal)'],
  ['another expression of an index', { kind: 'INDEX', effect: 'SLOW' }, 'another expression', 'drop index prospects_display_name', 'create index prospects_display_name on prospects (upper(display_name), id)'],
  ['a sum that lacks something', { kind: 'COLUMN_GENERATED', effect: 'SILENT' }, 'in another way', ...processed('done_count + failed_count')],
  ['a trigger of fewer rows', { kind: 'TRIGGER', effect: 'SILENT' }, 'It fires for fewer rows', transition(`old.status is distinct from new.status and new.status <> ''failed''`)],
  ['a time as the statement begins', { kind: 'COLUMN_DEFAULT', effect: 'SILENT' }, 'statement_timestamp()', 'alter table jobs alter column created_at set default statement_timestamp()'],
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

  test.each(consequences)('%s says what it does, and shows a row', async (_, drift, words, ...statements) => {
    const report = await reportAfter(...statements);

    expect(report.drift).toHaveLength(1);
    expect(report.drift[0]).toMatchObject(drift);
    expect(report.drift[0]?.message).toContain(words);
  });

  test('a default that draws from a sequence is not drawn', async () => {
    const { drift } = await reportAfter('create sequence s', `alter table jobs alter column attempt set default nextval('s')`);

    expect(drift.map(({ id }) => id)).toEqual(['COLUMN_DEFAULT:jobs.attempt']);
  });
});
