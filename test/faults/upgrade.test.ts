import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from '@jest/globals';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { runOutrider, startOutrider, type Program } from '../support/program.ts';
import { waitFor } from '../support/waitFor.ts';

const token = 'a-token-of-the-older-version';
let folder: string;
let database: TestDatabase;
const programs: Program[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outrider-test-upgrade-'));
});
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(programs.splice(0).map(({ process: child, ended }) => (child.kill('SIGKILL'), ended)));
  await database.drop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const environment = () => ({ DATABASE_URL: database.url, DATA_DIR: folder, OUTRIDER_TOKEN: token });

/** What the next version's migrate does: this version, as it is built, is then the older one. */
async function migrateByNextVersion(...statements: string[]): Promise<void> {
  for (const statement of statements) await queryOnce(database.url, statement);
  await queryOnce(database.url, `insert into schema_migrations
    select (jsonb_populate_record(m, '{"name": "9999_next_version", "checksum": "${'0'.repeat(64)}"}')).* from schema_migrations m order by name desc limit 1`);
}

function start(part: 'serve' | 'worker', more: Record<string, string> = {}): Program {
  const program = startOutrider([part], { ...environment(), ...more });
  programs.push(program);
  return program;
}

async function ask(url: string, query: string, variables: object = {}): Promise<any> {
  const response = await fetch(`${url}graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query, variables }) });
  const { data, errors } = (await response.json()) as { data: any; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

async function postMigrate(url: string): Promise<{ status: number; body: any }> {
  const response = await fetch(`${url}health/migrate`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, body: await response.json() };
}

test('the older version serves and works on a schema to which the next one added tables, columns and indexes, and says that it is ahead', async () => {
  await migrateByNextVersion(
    'create table novelties (id uuid primary key, prospect_id uuid references prospects on delete cascade)',
    'alter table prospects add column novelty text',
    'alter table jobs add column weight int not null default 1',
    'create index prospects_novelty on prospects (novelty)',
  );
  const url = await start('serve').says(/http:\/\/127\.0\.0\.1:\d+\//);
  start('worker');
  const { schemaHealth } = await ask(url, '{ schemaHealth { status summary repairPlan { sql } drift { kind severity object } features { feature ready } } }');
  expect(schemaHealth).toMatchObject({
    status: 'DRIFTED',
    summary: expect.stringMatching(/^Every operation works, .*the database is ahead of this version: run the version that applied 9999_next_version, or a later one[.]$/),
    repairPlan: [],
  });
  expect(schemaHealth.drift).toContainEqual({ kind: 'MIGRATION_UNKNOWN', severity: expect.not.stringMatching('BREAKING'), object: '9999_next_version' });
  expect(schemaHealth.features.filter(({ ready }: { ready: boolean }) => !ready)).toEqual([]);

  const { createProspect } = await ask(url, 'mutation { createProspect(input: { displayName: "P", profileUrl: "https://p.example/", email: "p@p.example" }) { prospect { id } } }');
  await ask(url, 'mutation ($ids: [ID!]) { reviewProspects(input: { ids: $ids, decision: APPROVE }) { changedCount } }', { ids: [createProspect.prospect.id] });
  const { startDraftJob } = await ask(url, 'mutation ($ids: [ID!]) { startDraftJob(input: { prospectIds: $ids, bodyTemplate: "Hello", subjectTemplate: "Hello" }) { job { id } } }', { ids: [createProspect.prospect.id] });
  await waitFor(async () => (await ask(url, 'query ($id: ID!) { job(id: $id) { status } }', startDraftJob.job)).job.status === 'SUCCEEDED');
});

const advice = /database is ahead of this version.*: run the version (of Outrider )?that applied (9999_next_version|it), or a later one/;
const inOneLine = (text: string) => text.replace(/\s+/g, ' ');

const historyRows = () => queryOnce(database.url, 'select * from schema_migrations order by name');

test('its migrate, its dry run, SCHEMA_POLICY=migrate and POST /health/migrate let a rollback pass, change nothing and say by what the database is ahead', async () => {
  await migrateByNextVersion('alter table prospects add column novelty text');
  const before = await historyRows();
  const ahead = /^The database is ahead of this version by 9999_next_version, which a later one applied: there is nothing to apply, and nothing is changed[.]$/m;

  expect(await runOutrider(['migrate'], environment())).toMatchObject({ code: 0, err: expect.stringMatching(ahead), out: expect.stringMatching(/^Nothing to apply/) });
  expect(await runOutrider(['migrate', '--dry-run'], environment())).toMatchObject({ code: 0, err: expect.stringMatching(ahead), out: expect.stringMatching(/ 0 pending$/m) });
  const server = start('serve', { SCHEMA_POLICY: 'migrate' });
  const url = await server.says(/http:\/\/127\.0\.0\.1:\d+\//);
  expect(await postMigrate(url)).toMatchObject({ status: 200, body: { applied: [], pending: [], health: { status: 'DRIFTED' } } });
  expect((await ask(url, 'mutation { applyMigrations(input: { dryRun: true }) { skipped { id } userErrors { code } } }')).applyMigrations).toEqual({ skipped: [], userErrors: [] });
  expect(await historyRows()).toEqual(before);
});

test.each([
  ['took a column away', 'alter table prospects drop column bio_text cascade', /prospects[.]bio_text/],
  ['added a column that must be given', 'alter table prospects add column novelty text not null', /every\s+insert into prospects fails/],
  ['renamed a table', 'alter table jobs rename to tasks', /jobs/],
])('where the next version %s, the older one does not start, says so, and mends nothing of what is not its own', async (_what, change, reason) => {
  await migrateByNextVersion(change);
  const served = await runOutrider(['serve'], environment());
  const migrated = await runOutrider(['migrate'], environment());
  const checked = await runOutrider(['schema', 'check'], environment());
  const plan = await runOutrider(['schema', 'repair'], environment());

  for (const refused of [served, migrated]) {
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(reason) });
    expect(inOneLine(refused.err)).toMatch(advice);
  }
  expect(served.err).not.toContain('outrider schema repair');
  expect(checked).toMatchObject({ code: 1, out: expect.stringMatching(/^BROKEN/) });
  expect(inOneLine(checked.out)).toMatch(advice);
  expect(checked.out).not.toContain('schema repair --apply');
  expect(plan.out).not.toContain('alter table');
});

test('what the older version needs and is not there stops its dry run, SCHEMA_POLICY=migrate and POST /health/migrate, too', async () => {
  await migrateByNextVersion('alter table jobs rename to tasks');
  const before = await historyRows();

  for (const refused of [await runOutrider(['migrate', '--dry-run'], environment()), await runOutrider(['serve'], { ...environment(), SCHEMA_POLICY: 'migrate' })]) {
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/jobs/) });
    expect(inOneLine(refused.err)).toMatch(advice);
  }
  const url = await start('serve', { SCHEMA_POLICY: 'degrade' }).says(/http:\/\/127\.0\.0\.1:\d+\//);
  expect(await postMigrate(url)).toMatchObject({ status: 500, body: { errors: [{ extensions: { code: 'SCHEMA_NOT_READY' }, message: expect.stringMatching(/jobs/) }] } });
  expect(await historyRows()).toEqual(before);
});
