import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';
import { recordDrifts } from '../../src/health/health.ts';
import { createRole, serving } from './roles.ts';
import { checkOnce, healthOf, holding, run, silent } from './support.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

/** What the journal says about each difference, by its id: the statement. */
async function changes(): Promise<Record<string, string | null>> {
  const { drift } = await checkOnce(database.url);
  return Object.fromEntries(drift.map(({ id, change }) => [id, change?.statement ?? null]));
}

const isRenamed = (rows: { id: string }[]) => rows.map(({ id }) => id).join() === 'RENAMED_COLUMN:jobs.drafts_created';
const recorded = () => queryOnce<{ id: string; since: Date }>(database.url, 'select id, since from schema_drifts order by id');

describe('the change behind a difference', () => {
  test('says when, who, by which application and how', async () => {
    const before = new Date();
    const url = new URL(database.url);
    url.searchParams.set('application_name', 'psql of the night shift');
    await queryOnce(url.href, 'alter table jobs rename column total_targets to total_target');
    const { drift } = await checkOnce(database.url);

    expect(drift.map(({ id, change }) => [id, change])).toEqual([
      [
        'RENAMED_COLUMN:jobs.total_targets',
        { at: expect.any(Date), user: 'postgres', applicationName: 'psql of the night shift', statement: 'alter table jobs rename column total_targets to total_target' },
      ],
    ]);
    expect(Math.abs(drift[0]!.change!.at.getTime() - before.getTime())).toBeLessThan(10_000);
  });

  test.each([
    ['a column', 'alter table workers alter column name type varchar(80)', 'COLUMN_TYPE:workers.name'],
    ['an index', 'drop index jobs_status', 'INDEX:jobs#jobs_status'],
    ['a constraint', 'alter table jobs drop constraint jobs_counters_not_negative', 'CHECK:jobs#jobs_counters_not_negative'],
    ['an enum', `alter type platform add value 'myspace'`, 'ENUM:platform=myspace'],
    ['a table', 'drop table workers', 'MISSING_TABLE:workers'],
    ['a table that was moved', 'create schema archive; alter table workers set schema archive', 'MOVED_TABLE:workers'],
    ['a table that was renamed', 'alter table workers rename to labourers', 'RENAMED_TABLE:workers'],
    ['a rule', 'create rule swallow as on insert to jobs do instead nothing', 'RULE:jobs#swallow'],
    ['the logging of a table', 'alter table workers set unlogged', 'PERSISTENCE:workers'],
    ['a function', 'create or replace function touch_updated_at() returns trigger language plpgsql as $$ begin return new; end $$', 'FUNCTION:touch_updated_at()'],
    ['a trigger', 'drop trigger jobs_touch on jobs', 'TRIGGER:jobs#jobs_touch'],
    ['a trigger that is disabled with all others', 'alter table jobs disable trigger all', 'TRIGGER:jobs#jobs_touch'],
    ['a default', 'alter table jobs alter column status drop default', 'COLUMN_DEFAULT:jobs.status'],
    ['a sequence', 'alter sequence schema_changes_id_seq increment by 7', 'SEQUENCE:schema_changes.id#schema_changes_id_seq=settings'],
    ['an enum that was renamed', 'alter type platform rename to site', null],
    ['a whole schema', 'drop schema pgboss cascade', 'MISSING_TABLE:pgboss.job'],
  ])('is that of %s', async (_what, statement, id) => {
    await queryOnce(database.url, statement);
    await queryOnce(database.url, 'create table of_somebody_else (id int)');
    const said = await changes();

    expect(id === null ? Object.entries(said).find(([key]) => !key.startsWith('EXTRA_'))?.[1] : said[id]).toBe(statement);
  });

  test('is that of a right that was taken, and of row security', async () => {
    const role = await createRole(database, ...serving, 'revoke select on prospects from %role', 'alter table jobs enable row level security');
    const report = await checkOnce(role.url);
    await role.drop();

    expect(report.drift.map(({ id, change }) => [id, change?.statement])).toEqual([
      ['ROW_SECURITY:jobs', 'alter table jobs enable row level security'],
      ['PRIVILEGE:prospects=SELECT', `revoke select on prospects from ${role.name}`],
    ]);
  });

  test('is that of the cause for what fell with it', async () => {
    const statement = 'alter table jobs drop column drafts_created cascade';
    await queryOnce(database.url, statement);
    const said = await changes();

    expect(Object.keys(said)).toEqual(expect.arrayContaining(['MISSING_COLUMN:jobs.drafts_created', 'CHECK:jobs#jobs_counters_not_negative']));
    expect(new Set(Object.values(said))).toEqual(new Set([statement]));
  });

  test('is not a later one that only touched the same table', async () => {
    await run(database, 'alter table jobs drop column drafts_created cascade', 'alter table jobs add column harmless text', `comment on column jobs.total_targets is 'x'`);

    expect((await changes())['MISSING_COLUMN:jobs.drafts_created']).toBe('alter table jobs drop column drafts_created cascade');
  });

  test('is a block that put its statement together, when nothing is surer', async () => {
    const block = `do $$ begin execute 'alter table wor' || 'kers alter column name drop not null'; end $$`;
    await queryOnce(database.url, block);

    expect(await changes()).toEqual({ 'COLUMN_NULLABILITY:workers.name': block });
  });

  test('is unknown where nothing of it was written down', async () => {
    await run(database, 'alter event trigger outrider_schema_change disable', 'alter event trigger outrider_schema_drop disable', 'drop table workers', 'alter event trigger outrider_schema_change enable', 'alter event trigger outrider_schema_drop enable');

    expect(await changes()).toEqual({ 'MISSING_TABLE:workers': null });
  });

  test('is unknown, and the check complete, while the journal is locked', async () => {
    await queryOnce(database.url, 'drop table workers');
    const holder = await holding(database.url, 'lock table schema_changes in access exclusive mode');
    const report = await checkOnce(database.url);
    await holder.release();

    expect(report.drift.map(({ id, change }) => [id, change])).toEqual([['MISSING_TABLE:workers', null]]);
    expect(report.unverified.map(({ object }) => object)).toEqual(['schema_changes']);
  });
});

describe('since when', () => {
  test('is when this process first saw it, where nothing is written down', async () => {
    await queryOnce(database.url, 'drop table workers');
    const health = healthOf(database.url);
    const first = await health.check();
    const again = await health.check({ refresh: true });
    await health.close();

    expect(first.drift[0]!.since).toBeInstanceOf(Date);
    expect(again.drift[0]!.since).toEqual(first.drift[0]!.since);
  });

  test('survives a restart, in the same order with the same ids, and is the same for every process', async () => {
    const first = healthOf(database.url, { pollEvery: 50, policy: 'DEGRADE' });
    const stop = recordDrifts({ url: database.url, health: first, log: silent });
    await run(database, 'drop index jobs_status', 'drop table workers', 'alter table jobs alter column status drop default');
    const ids = 'COLUMN_DEFAULT:jobs.status,INDEX:jobs#jobs_status,MISSING_TABLE:workers';
    await waitFor(async () => (await recorded()).map(({ id }) => id).join() === ids);
    const before = await first.check();
    await stop();
    await first.close();
    const other = healthOf(database.url, { policy: 'DEGRADE' });
    const after = await other.check();
    await other.close();

    const told = ({ drift }: typeof before) => drift.map(({ id, since, effect, message }) => ({ id, since, effect, message }));
    expect(told(after)).toEqual(told(before));
    expect(after.drift.map(({ id }) => id).sort().join()).toBe(ids);
    expect(after.fingerprint).toBe(before.fingerprint);
  });

  test('ends with the difference, so that the same one later is new', async () => {
    const health = healthOf(database.url, { pollEvery: 50 });
    const stop = recordDrifts({ url: database.url, health, log: silent });
    await queryOnce(database.url, 'alter table jobs rename column drafts_created to x');
    const [first] = await waitFor(async () => isRenamed(await recorded()) ? recorded() : null);
    await queryOnce(database.url, 'alter table jobs rename column x to drafts_created');
    await waitFor(async () => (await recorded()).length === 0);
    await queryOnce(database.url, 'alter table jobs rename column drafts_created to x');
    const [second] = await waitFor(async () => isRenamed(await recorded()) ? recorded() : null);
    await stop();
    await health.close();

    expect(second!.since.getTime()).toBeGreaterThan(first!.since.getTime());
  });

  test('goes to the past with when it ended, what it did and who made it', async () => {
    const health = healthOf(database.url, { pollEvery: 50 });
    const stop = recordDrifts({ url: database.url, health, log: silent });
    await queryOnce(database.url, 'alter table jobs rename column drafts_created to x');
    const [there] = await waitFor(async () => isRenamed(await recorded()) ? recorded() : null);
    await queryOnce(database.url, 'alter table jobs rename column x to drafts_created');
    const { ended, error } = await waitFor(async () => {
      const history = await health.history(10);
      return history.ended?.length === 1 ? history : null;
    });
    await stop();
    await health.close();

    expect(error).toBeNull();
    expect(ended).toEqual([{ id: there!.id, since: there!.since, until: expect.any(Date), effect: 'FAILS', message: expect.stringContaining('drafts_created'), changedBy: 'postgres' }]);
    expect(ended![0]!.until.getTime()).toBeGreaterThan(ended![0]!.since.getTime());
  });

  test('is kept while what differs is locked', async () => {
    await queryOnce(database.url, 'alter table jobs alter column status drop default');
    const health = healthOf(database.url, { pollEvery: 50 });
    const stop = recordDrifts({ url: database.url, health, log: silent });
    const [before] = await waitFor(async () => ((await recorded()).length === 1 ? recorded() : null));
    const holder = await holding(database.url, 'lock table jobs in access exclusive mode');
    await waitFor(() => health.latest?.unverified.length === 1);
    await queryOnce(database.url, 'drop table workers');
    await waitFor(async () => (await recorded()).some(({ id }) => id === 'MISSING_TABLE:workers'));
    await holder.release();
    await waitFor(() => health.latest?.unverified.length === 0);
    const [after] = (await recorded()).filter(({ id }) => id === before!.id);
    await stop();
    await health.close();

    expect(after).toEqual(before);
  });

  test('goes by the memory of the process where it cannot be written down, which is said once', async () => {
    const warnings: string[] = [];
    await run(database, 'drop table schema_drifts');
    const health = healthOf(database.url, { pollEvery: 50 });
    const stop = recordDrifts({ url: database.url, health, log: { info: () => {}, warn: (_fields, message) => warnings.push(message) } });
    await waitFor(() => warnings.length === 1);
    await queryOnce(database.url, 'drop table workers');
    await waitFor(() => health.latest?.drift.some(({ id }) => id === 'MISSING_TABLE:workers'));
    await stop();
    const since = health.latest!.drift.map((item) => item.since);
    await health.close();

    expect(warnings).toEqual([expect.stringContaining('cannot be written down')]);
    expect(since.every((time) => time instanceof Date)).toBe(true);
  });

  test('has a past that says why it cannot be read', async () => {
    await run(database, 'drop table schema_past_drifts');
    const health = healthOf(database.url);
    const history = await health.history(10);
    await health.close();

    expect(history).toEqual({ ended: null, error: expect.stringContaining('schema_past_drifts') });
  });

  test('is written by nobody who only checks', async () => {
    await queryOnce(database.url, 'drop table workers');
    await checkOnce(database.url);

    expect(await recorded()).toEqual([]);
  });
});
