import { readFileSync } from 'node:fs';
import { buildExpectedCatalog, formatCatalog } from '../../src/health/buildCatalog.ts';
import { driftKinds } from '../../src/health/driftKind.ts';
import { expectedCatalog } from '../../src/health/expectedCatalog.ts';
import { formatReport } from '../../src/health/formatReport.ts';
import { loadMigrations } from '../../src/migrate/migrations.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { byUrgency } from '../../src/health/finding.ts';
import type { DriftEffect } from '../../src/health/health.ts';
import { reportAfter } from './support.ts';

describe('the expected catalog', () => {
  test('is what the migrations of this build make, canonical on the PostgreSQL of this test', async () => {
    const empty = await createEmptyDatabase();
    const built = formatCatalog(await buildExpectedCatalog(empty.url));
    await empty.drop();

    expect(built).toBe(readFileSync(new URL('../../src/health/expectedCatalog.json', import.meta.url), 'utf8'));
  });

  test('knows the text of every migration', async () => {
    const migrations = await loadMigrations();

    expect(expectedCatalog.migrations.map(({ name, checksum }) => [name, checksum])).toEqual(migrations.map(({ name, checksum }) => [name, checksum]));
  });
});

test('the kinds of drift are those of the contract', () => {
  const contract = readFileSync(new URL('../contract/outrider.graphql', import.meta.url), 'utf8');
  const body = /enum DriftKind \{([^}]*)\}/.exec(contract)?.[1] ?? '';

  expect(driftKinds).toEqual(body.trim().split(/\s+/));
});

describe('the order of what was found', () => {
  test('puts what loses writes before what fails, and that before what is slow', async () => {
    const { drift } = await reportAfter('drop index jobs_status', 'drop table workers', 'create rule r as on insert to prospects do instead nothing', 'create table extra (id int)');

    expect(drift.map(({ effect }) => effect)).toEqual(['LOST_WRITE', 'FAILS', 'SLOW', 'NONE']);
  });

  const of = (id: string, effect: DriftEffect, causedBy: string | null = null) => ({ id, effect, causedBy });
  const orders: [what: string, drift: ReturnType<typeof of>[], ids: string[]][] = [
    ['what is silent before what is loud', [of('c', 'SLOW'), of('b', 'WRITE_FAILS'), of('a', 'FAILS'), of('e', 'SILENT'), of('d', 'CORRUPTION'), of('f', 'LOST_WRITE')], ['f', 'd', 'e', 'a', 'b', 'c']],
    ['a consequence after its cause, however urgent it is', [of('a', 'SILENT', 'b'), of('b', 'FAILS'), of('c', 'WRITE_FAILS')], ['b', 'a', 'c']],
    ['a pending migration where what fails for it would be', [of('a', 'FAILS', 'p'), of('b', 'SLOW'), of('p', 'LATENT'), of('c', 'LOST_WRITE')], ['c', 'p', 'a', 'b']],
  ];
  test.each(orders)('puts %s', (_, drift, ids) => {
    expect(byUrgency(drift).map(({ id }) => id)).toEqual(ids);
  });

  test('names first in its summary what loses writes', async () => {
    const { summary } = await reportAfter('drop table workers', 'create rule r as on insert to prospects do instead nothing');

    expect(summary).toMatch(/^writes vanish without an error: 2 things differ \(prospects, workers\)/);
  });

  test('puts a cause before what fell with it', async () => {
    const { drift } = await reportAfter('alter table jobs drop column drafts_created');

    expect(drift.map(({ id, causedBy }) => [id, causedBy])).toEqual([
      ['MISSING_COLUMN:jobs.drafts_created', null],
      ['CHECK:jobs#jobs_counters_not_negative', 'MISSING_COLUMN:jobs.drafts_created'],
    ]);
  });

  const oneCause: [statement: string, cause: string][] = [
    ['alter table prospects rename column bio_text to biography', 'RENAMED_COLUMN:prospects.bio_text'],
    ['alter table social_drafts rename column id to draft_id', 'RENAMED_COLUMN:social_drafts.id'],
    ['alter table jobs rename to tasks', 'RENAMED_TABLE:jobs'],
    ['alter table prospects drop constraint prospects_pkey cascade', 'PRIMARY_KEY:prospects#prospects_pkey'],
    ['drop type review_status cascade', 'ENUM:review_status'],
    ['drop type pgboss.job_state cascade', 'ENUM:pgboss.job_state'],
    ['drop function search_document cascade', 'FUNCTION:search_document(display_name text, username text, bio_text text, tags text[])'],
    ['drop table pgboss.job cascade', 'MISSING_TABLE:pgboss.job'],
  ];
  test.each(oneCause)('has one cause after %s', async (statement, cause) => {
    const { drift } = await reportAfter(statement);

    expect(drift.filter(({ causedBy }) => causedBy === null).map(({ id }) => id)).toEqual([cause]);
  });

  test('makes the foreign keys to a lost table its consequences', async () => {
    const { drift } = await reportAfter('drop table jobs cascade');

    expect(drift.filter(({ causedBy }) => causedBy === null).map(({ id }) => id)).toEqual(['MISSING_TABLE:jobs']);
    expect(drift.length).toBeGreaterThan(5);
  });
});

describe('the report for a terminal', () => {
  test('says the verdict, the difference, the operations and the statement that mends it', async () => {
    const text = formatReport(await reportAfter('alter table jobs drop column drafts_created'));

    expect(text).toMatch(/^BROKEN {2}one thing differs \(jobs\.drafts_created\); run "outrider schema repair"\.\n/);
    expect(text).toContain('The column jobs.drafts_created (integer) is missing');
    expect(text).toContain('affects     Mutation.startDraftJob; Job.draftsCreated');
    expect(text).toContain('alter table "jobs" add column "drafts_created" integer default 0 not null');
    expect(text).toContain('so also     CHECK:jobs#jobs_counters_not_negative');
  });

  test('of a schema that is right has one verdict and nothing else to do', async () => {
    const text = formatReport(await reportAfter('select 1'));

    expect(text).toMatch(/^READY {2}The schema is as \w+ makes it\.\n\n {2}database {4}test_/);
    expect(text.trim().split('\n')).toHaveLength(5);
  });
});
