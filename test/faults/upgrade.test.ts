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

function start(part: 'serve' | 'worker'): Program {
  const program = startOutrider([part], environment());
  programs.push(program);
  return program;
}

async function ask(url: string, query: string, variables: object = {}): Promise<any> {
  const response = await fetch(`${url}graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query, variables }) });
  const { data, errors } = (await response.json()) as { data: any; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
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

test('its migrate refuses, changes nothing and says which version to run', async () => {
  await migrateByNextVersion();

  expect(await runOutrider(['migrate'], environment())).toMatchObject({ code: 1, err: expect.stringMatching(advice) });
});

test.each([
  ['took a column away', 'alter table prospects drop column bio_text cascade', /prospects[.]bio_text/],
  ['added a column that must be given', 'alter table prospects add column novelty text not null', /every\s+insert into prospects fails/],
  ['renamed a table', 'alter table jobs rename to tasks', /jobs/],
])('where the next version %s, the older one does not start, says so, and mends nothing of what is not its own', async (_what, change, reason) => {
  await migrateByNextVersion(change);
  const served = await runOutrider(['serve'], environment());
  const checked = await runOutrider(['schema', 'check'], environment());
  const plan = await runOutrider(['schema', 'repair'], environment());

  expect(served).toMatchObject({ code: 1, err: expect.stringMatching(reason) });
  expect(inOneLine(served.err)).toMatch(advice);
  expect(served.err).not.toContain('outrider schema repair');
  expect(checked).toMatchObject({ code: 1, out: expect.stringMatching(/^BROKEN/) });
  expect(inOneLine(checked.out)).toMatch(advice);
  expect(checked.out).not.toContain('schema repair --apply');
  expect(plan.out).not.toContain('alter table');
});
