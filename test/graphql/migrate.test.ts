import { startWorker } from '../../src/app/worker.ts';
import { createLogger } from '../../src/config/logger.ts';
import { hashOf } from '../../src/domain/tokens.ts';
import { expectedCatalog } from '../../src/health/expectedCatalog.ts';
import { migrate } from '../../src/migrate/migrate.ts';
import { loadMigrations } from '../../src/migrate/migrations.ts';
import { holding } from '../health/support.ts';
import { outreachOf } from '../support/outreach.ts';
import { createEmptyDatabase, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';
import { adminToken, startApi, type Api } from './support.ts';

const names = expectedCatalog.migrations.map(({ name }) => name);
let database: TestDatabase;
let api: Api;
beforeEach(async () => {
  database = await createEmptyDatabase();
  api = await startApi(database.url);
});
afterEach(async () => {
  await api.stop();
  await database.drop();
});

function post(token?: string): Promise<Response> {
  return fetch(`${api.url}health/migrate`, { method: 'POST', headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
}

const create = `mutation { createProspect(input: { displayName: "Ada", username: "ada", email: "ada@example.org", profileUrl: "https://example.org/ada" }) { prospect { id } userErrors { message } } }`;
const draft = `mutation ($ids: [ID!]!) { startDraftJob(input: { prospectIds: $ids, subjectTemplate: "Hello", bodyTemplate: "Hello {{ displayName }}" }) { job { id } userErrors { message } } }`;

describe('POST /health/migrate', () => {
  test('migrates an empty database, and everything works without a restart: requests, the queue, a worker that was waiting', async () => {
    const worker = startWorker({ orm: api.orm, url: database.url, log: createLogger('silent'), outreach: outreachOf() });
    try {
      expect((await api.ask('{ prospects { totalCount } }')).errors).toMatchObject([{ extensions: { code: 'SCHEMA_NOT_READY' } }]);

      const response = await post(adminToken);

      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ applied: names, pending: [], running: false, health: { status: 'READY' } });
      const { data } = await api.ask(create);
      expect(data.createProspect.userErrors).toEqual([]);
      await api.sql(`update prospects set review_status = 'approved'`);
      const started = await api.ask(draft, { ids: [data.createProspect.prospect.id] });
      expect(started.data.startDraftJob.userErrors).toEqual([]);
      const id = started.data.startDraftJob.job.id;
      await waitFor(async () => /SUCCEEDED|COMPLETED/.test((await api.ask('query ($id: ID!) { job(id: $id) { status } }', { id })).data.job.status));
    } finally {
      await worker.stop();
    }
  });

  test('is harmless the second time', async () => {
    await post(adminToken);

    const again = await post(adminToken);

    expect(again.status).toBe(200);
    expect(await again.json()).toMatchObject({ applied: [], pending: [], health: { status: 'READY' } });
  });

  test('applies what is pending, and writes down who did it', async () => {
    await migrate({ url: database.url, migrations: (await loadMigrations()).slice(0, -1), appliedBy: 'an older version' });

    const response = await post(adminToken);

    expect(await response.json()).toMatchObject({ applied: names.slice(-1), health: { status: 'READY' } });
    expect(await api.sql('select requested_by, action, state from schema_repairs')).toEqual([{ requested_by: 'admin', action: 'migrate', state: 'done' }]);
    expect(await api.sql('select actor, action from activities')).toEqual([{ actor: 'admin', action: 'schema.migrated' }]);
    expect(await api.sql('select applied_by from schema_migrations order by name desc limit 1')).toEqual([{ applied_by: 'admin' }]);
  });

  test('answers 401 without OUTRIDER_TOKEN, also while there is no table of keys', async () => {
    expect((await post()).status).toBe(401);
    expect((await post('nonsense')).status).toBe(401);
    expect(await api.sql(`select to_regclass('jobs') as jobs`)).toEqual([{ jobs: null }]);
  });

  test('answers 403 to an API key, be it of an administrator', async () => {
    await post(adminToken);
    await api.sql(`insert into api_keys (id, name, role, hash) values (gen_random_uuid(), 'an administrator', 'admin', $1)`, [hashOf('key-admin')]);

    expect((await post('key-admin')).status).toBe(403);
  });

  test('answers 409 while another process migrates', async () => {
    const other = await holding(database.url, 'select pg_advisory_lock(4715001933)');

    expect((await post(adminToken)).status).toBe(409);
    await other.release();
    expect((await post(adminToken)).status).toBe(200);
  });

  test('answers 500 with the reason when a migration fails, and goes on once the reason is gone', async () => {
    await api.sql('create table jobs (id int)');

    const response = await post(adminToken);

    expect(response.status).toBe(500);
    expect(((await response.json()) as { error: string }).error).toMatch(/jobs/);
    await api.sql('drop table jobs');
    expect((await post(adminToken)).status).toBe(200);
  });
});

describe('applyMigrations', () => {
  const document = `mutation ($input: ApplyMigrationsInput!) {
    applyMigrations(input: $input) { dryRun running executed { id risk lock } skipped { id sql } failed { id error } health { status } userErrors { code message } }
  }`;
  const ids = names.map((name) => `MIGRATION_PENDING:${name}`);

  test('says what it would apply, and changes nothing, unless told', async () => {
    const { data } = await api.ask(document, { input: {} });

    expect(data.applyMigrations).toMatchObject({ dryRun: true, executed: [], skipped: ids.map((id) => ({ id })), userErrors: [] });
    expect(await api.sql(`select to_regclass('jobs') as jobs`)).toEqual([{ jobs: null }]);
  });

  test('applies every pending migration', async () => {
    const { data, errors } = await api.ask(document, { input: { dryRun: false } });

    expect(errors).toBeUndefined();
    expect(data.applyMigrations.userErrors).toEqual([]);
    await waitFor(async () => (await api.ask('{ schemaHealth { status } }')).data.schemaHealth.status === 'READY');
    expect((await api.ask(document, { input: { dryRun: false } })).data.applyMigrations).toMatchObject({ executed: [], running: false, health: { status: 'READY' } });
  });

  test('answers CONFLICT while another process migrates', async () => {
    const other = await holding(database.url, 'select pg_advisory_lock(4715001933)');

    expect((await api.ask(document, { input: { dryRun: false } })).data.applyMigrations).toMatchObject({ executed: [], userErrors: [{ code: 'CONFLICT' }] });
    await other.release();
  });

  test('names what has to be mended in the history first', async () => {
    await migrate({ url: database.url, appliedBy: 'a test' });
    await api.sql(`update schema_migrations set checksum = 'another' where name = $1`, [names[0]]);

    const { data } = await api.ask(document, { input: { dryRun: false } });

    expect(data.applyMigrations).toMatchObject({ executed: [], userErrors: [{ code: 'SCHEMA_NOT_READY', message: expect.stringContaining(names[0]!) }] });
  });
});
