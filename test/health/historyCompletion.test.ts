import type { SchemaHealthReport } from '../../src/health/health.ts';
import { applyHistoryRepair, planHistoryRepair } from '../../src/health/history/mend/mendHistory.ts';
import { mendingCommand } from '../../src/health/verdict.ts';
import { migrate } from '../../src/migrate/migrate.ts';
import { loadMigrations } from '../../src/migrate/migrations.ts';
import { createEmptyDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { repairable, repairAll } from './repairSupport.ts';
import { checkOnce, run } from './support.ts';

let database: TestDatabase;
afterEach(() => database.drop());

const uuid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const rows = [
  `insert into jobs (id, job_type, drafts_created) values ('${uuid(1)}', 'draft', 7)`,
  `insert into prospects (id, canonical_key, display_name) values ('${uuid(2)}', 'example.org/1', 'Name')`,
  `insert into email_drafts (id, prospect_id, subject, body, fingerprint) values ('${uuid(3)}', '${uuid(2)}', 'Hello', 'Body', 'f')`,
];
const kept = () => queryOnce(database.url, 'select (select sum(drafts_created)::int from jobs) as jobs, (select count(*)::int from prospects) as prospects, (select max(fingerprint) from email_drafts) as drafts');

/** Of those that make tables, the one that makes the most. */
const last = '0004_outreach';
const stopped = (statements: number, name = last) => `update schema_migrations set finished = false, statements_applied = ${statements} where name = '${name}'`;
const unrecorded = (name = last) => `delete from schema_migrations where name = '${name}'`;

/** A database as it was when that migration was the last one, or with only those before it. */
async function createAsOf(name: string, { before = false } = {}): Promise<TestDatabase> {
  const created = await createEmptyDatabase();
  const migrations = await loadMigrations();
  await migrate({ url: created.url, migrations: migrations.slice(0, migrations.findIndex((migration) => migration.name === name) + (before ? 0 : 1)) });
  return created;
}

/** What was done to a database that had everything. */
const partly: [what: string, statements: string[]][] = [
  ['counts less than is there, and lacks a table', [stopped(3), 'drop table saved_filters cascade']],
  ['counts more than is there', [stopped(70), 'drop table webhooks cascade']],
  ['lacks tables, columns and a trigger on both sides of what is counted', [stopped(40), 'drop table webhooks, templates cascade', 'alter table jobs drop column cost', 'alter table email_messages drop column chunk, drop column fence cascade', 'drop trigger prospects_keep_contacted_approved on prospects']],
  ['lacks a column of a table that it makes, to which a later statement refers', [stopped(20), 'alter table webhook_deliveries drop column webhook_id cascade']],
  ['is not recorded', [unrecorded(), 'drop table saved_filters, webhooks, webhook_deliveries, senders cascade', 'drop function keep_text() cascade']],
  ['stopped half way although later ones are recorded', [stopped(3, '0001_pipeline'), 'drop type chunk_state cascade']],
  ['is not recorded although later ones are', [unrecorded('0002_queue'), 'drop table pgboss.warning']],
  ['makes partitions, and stopped half way', [unrecorded(), stopped(10, '0002_queue'), 'drop table pgboss.queue_stats', 'drop index pgboss.job_common_i1']],
  ['is one of a lost history', ['drop table schema_migrations', 'drop table webhooks, suppressions, pgboss.warning, schema_drifts cascade']],
];

describe('an operator who runs what is named, again and again, ends READY and loses nothing where a migration', () => {
  test.each(partly)('%s', async (_, statements) => {
    database = await createAsOf(last);
    await run(database, ...rows, ...statements);
    const before = await kept();

    expect(await obey(await checkOnce(database.url))).toMatchObject({ status: 'READY', drift: [] });
    expect(await kept()).toEqual(before);
    expect(await migrate({ url: database.url })).toMatchObject({ applied: [] });
  });
});

describe('what somebody made by hand before the migration', () => {
  beforeEach(async () => {
    database = await createAsOf(last, { before: true });
  });

  test.each([
    ['a column', 'alter table jobs add cost numeric(12,6) not null default 0'],
    ['an index', 'create index prospects_email on prospects (email) where email is not null'],
    ['columns in another order', 'alter table email_messages add fence int not null default 0, add lease_until timestamptz(3)'],
  ])('%s is found by migrate before it begins, and no hindrance to the plan', async (_, statement) => {
    await run(database, ...rows, statement);
    const before = await kept();
    await expect(migrate({ url: database.url })).rejects.toThrow(/does not say that 0004_outreach was applied, but what it makes is there already .*"outrider schema history --repair"/);

    expect(await obey(await checkOnce(database.url))).toMatchObject({ status: 'READY', drift: [] });
    expect(await kept()).toEqual(before);
  });

  test('does not keep the rows from being brought over', async () => {
    await run(database, ...rows, `update email_drafts set status = 'approved'`, 'alter table jobs add cost numeric(12,6) not null default 0');
    expect(await obey(await checkOnce(database.url))).toMatchObject({ status: 'READY' });

    expect(await queryOnce(database.url, 'select status, approved_fingerprint from email_drafts')).toEqual([{ status: 'approved', approved_fingerprint: 'f' }]);
  });
});

test('what was executed is not executed again', async () => {
  database = await createAsOf(last);
  await run(database, stopped(3), 'drop table saved_filters cascade');
  const { steps } = await planHistoryRepair(database.url);
  const executed = steps.find(({ does }) => does === `complete ${last}`)?.sql ?? [];

  expect(executed.length).toBeGreaterThan(0);
  expect(executed.filter((sql) => !sql.includes('saved_filters'))).toEqual([]);
});

/** Runs the command that each answer names, as somebody does who trusts it. */
async function obey(report: SchemaHealthReport, times = 6): Promise<SchemaHealthReport> {
  if (report.status === 'READY' || times === 0) return report;
  const named = (text: string) => /"(outrider [^"]+)"/.exec(text)?.[1] ?? null;
  let command = mendingCommand(report.drift);
  for (let step = 0; command !== null && step < 3; step++) {
    if (command === 'outrider migrate') {
      command = await migrate({ url: database.url }).then(() => null, (error: Error) => named(error.message));
    } else if (command === 'outrider schema history --repair') {
      const plan = await planHistoryRepair(database.url);
      if (plan.planHash !== null) await applyHistoryRepair(database.url, plan.planHash, () => {});
      command = plan.planHash === null ? named(plan.advice.join(' ')) : null;
    } else {
      expect(command).toBe('outrider schema repair');
      const repair = repairable(database.url);
      await repairAll(repair, ['SAFE']).finally(() => repair.close());
      command = null;
    }
  }
  return obey(await checkOnce(database.url), times - 1);
}
