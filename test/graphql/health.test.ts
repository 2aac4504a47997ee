import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { getNamedType, isObjectType, type GraphQLSchema } from 'graphql';
import { WebSocket } from 'ws';
import { buildSchema } from '../../src/app/buildSchema.ts';
import { openServer } from '../../src/app/openServer.ts';
import type { RunningServer } from '../../src/app/server.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { createLogger } from '../../src/config/logger.ts';
import { hashOf } from '../../src/domain/tokens.ts';
import { proxy, type Proxy } from '../health/proxy.ts';
import { createRole, serving, type TestRole } from '../health/roles.ts';
import { holding } from '../health/support.ts';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/waitFor.ts';

const adminToken = 'admin-token-of-the-tests';

let database: TestDatabase;
let role: TestRole;
let through: Proxy;
let server: RunningServer;
let dataDir: string;
beforeEach(async () => {
  database = await createTestDatabase();
  role = await createRole(database, ...serving);
  through = await proxy(role.url);
  dataDir = mkdtempSync(join(tmpdir(), 'outrider-health-'));
  server = await serve();
});
afterEach(async () => {
  await server.close();
  through.stop();
  await role.drop();
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The server as `serve` runs it, watching, on the role of a server; its database may be cut off by `through`. */
function serve(): Promise<RunningServer> {
  const environment = readEnvironment({ PORT: '0', DATA_DIR: dataDir, OUTRIDER_TOKEN: adminToken, DATABASE_URL: through.url });
  return openServer({ environment, database: { url: through.url, ownerUrl: database.url, outreach: environment.outreach }, log: createLogger('silent'), policy: 'degrade' });
}

const asAdmin = (sql: string) => queryOnce(database.url, sql.replaceAll('%role', role.name));
const get = async (path: string) => {
  const response = await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${adminToken}` } });
  return { code: response.status, text: await response.text() };
};
const json = async (path: string) => {
  const { code, text } = await get(path);
  return { code, body: JSON.parse(text) };
};
async function ask(query: string, token = adminToken): Promise<any> {
  const response = await fetch(`${server.url}graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query }) });
  return response.json();
}

describe('each status has its codes', () => {
  const codes = async () => {
    const [ready, schema] = [await json('health/ready'), await json('health/schema')];
    return { status: schema.body.status, ready: ready.code, schema: schema.code, reason: ready.body.reason, notReady: ready.body.notReady.map(({ feature }: { feature: string }) => feature) };
  };

  test('READY', async () => {
    expect(await codes()).toEqual({ status: 'READY', ready: 200, schema: 200, notReady: [] });
  });

  test('DRIFTED', async () => {
    await asAdmin('drop index jobs_status');

    expect(await codes()).toEqual({ status: 'DRIFTED', ready: 200, schema: 200, notReady: [] });
  });

  test('BROKEN, in one feature', async () => {
    await asAdmin('drop table social_drafts cascade');

    expect(await codes()).toEqual({ status: 'BROKEN', ready: 200, schema: 503, notReady: ['SOCIAL_PIPELINE'] });
  });

  test('BROKEN, in every feature', async () => {
    await asAdmin('revoke usage on schema public from public; revoke usage on schema public from %role');
    const { status, ready, schema, reason, notReady } = await codes();

    expect({ status, ready, schema }).toEqual({ status: 'BROKEN', ready: 503, schema: 503 });
    expect(reason).toContain('public');
    expect(notReady).toHaveLength(6);
  });

  test('UNVERIFIED', async () => {
    const holder = await holding(database.url, 'lock table jobs in access exclusive mode');
    const found = await codes();
    await holder.release();

    expect(found).toEqual({ status: 'UNVERIFIED', ready: 200, schema: 503, notReady: [] });
  });

  test('UNREACHABLE', async () => {
    through.stop();
    const { status, ready, schema, reason, notReady } = await codes();

    expect({ status, ready, schema }).toEqual({ status: 'UNREACHABLE', ready: 503, schema: 503 });
    expect(reason).toContain('nothing listens there');
    expect(notReady).toHaveLength(6);
    expect((await get('health/live')).code).toBe(200);
  });
});

test('drift and its mending reach the subscription, /health/ready, /health/schema and /metrics, without anybody asking GraphQL', async () => {
  const socket = createClient({ url: `${server.url.replace('http', 'ws')}graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${adminToken}` } });
  const heard: any[] = [];
  socket.subscribe({ query: 'subscription { schemaHealthChanged { status summary drift { id since change { user statement } } features { feature ready } } }' }, { next: ({ data }: any) => heard.push(data.schemaHealthChanged), error: () => {}, complete: () => {} });
  await waitFor(async () => (await queryOnce(database.url, `select from pg_stat_activity where application_name = 'outrider health'`)).length > 0);
  const everywhere = (status: string, id: string | null) =>
    waitFor(async () => {
      const [ready, schema, metrics] = [await json('health/ready'), await json('health/schema'), await get('metrics')];
      const ids = (drift: { id: string }[]) => drift.map((item) => item.id);
      return heard.at(-1)?.status === status && (id === null || ids(heard.at(-1).drift).includes(id)) && ready.body.status === status &&
        schema.body.status === status && (id === null || ids(schema.body.drift).includes(id)) && metrics.text.includes(`outrider_schema_status{status="${status}"} 1`);
    });

  await asAdmin('alter table social_drafts rename to gone');
  await everywhere('BROKEN', 'RENAMED_TABLE:social_drafts');
  const { text } = await get('metrics');
  const told = heard.at(-1);
  await asAdmin('alter table gone rename to social_drafts');
  await everywhere('READY', null);
  await socket.dispose();

  expect(text).toContain('outrider_schema_drift{severity="BREAKING",kind="RENAMED_TABLE"} 1');
  expect(text).toContain('outrider_feature_ready{feature="SOCIAL_PIPELINE"} 0');
  expect(text).toContain('outrider_feature_ready{feature="WEBSITE_PIPELINE"} 1');
  expect(text).toMatch(/outrider_schema_check_duration_seconds 0\.\d+/);
  expect(text).toMatch(/outrider_schema_check_age_seconds \d/);
  expect(told.drift[0]).toEqual({ id: 'RENAMED_TABLE:social_drafts', since: expect.any(String), change: { user: 'postgres', statement: 'alter table social_drafts rename to gone' } });
});

test('a server that is restarted in the midst reports the same, since the same time', async () => {
  await asAdmin('drop index jobs_status; alter table jobs alter column status drop default; drop table social_drafts cascade');
  const report = async () => {
    const { body } = await json('health/schema');
    return { status: body.status, fingerprint: body.fingerprint, summary: body.summary, drift: body.drift, features: body.features, repairPlan: body.repairPlan, planHash: body.planHash };
  };
  const before = await waitFor(async () => ((await queryOnce(database.url, 'select from schema_drifts')).length === (await report()).drift.length ? report() : null));
  await server.close();
  server = await serve();

  expect(await report()).toEqual(before);
  expect(before.drift.every(({ since }: { since: string }) => typeof since === 'string')).toBe(true);
});

describe('over GraphQL', () => {
  test('every field of the contract answers for a role that may see little, under a lock and amid drift', async () => {
    await asAdmin(`alter table jobs drop constraint jobs_counters_not_negative; drop index jobs_status; alter table prospects alter column source_platform drop not null; drop table social_drafts cascade; revoke select on workers from %role`);
    const holder = await holding(database.url, 'lock table email_drafts in access exclusive mode');
    // A machine with much to do may not read the catalog in time at first.
    const { data, errors } = await waitFor(async () => {
      const answer = await ask(`{ schemaHealth(refresh: true) ${selection(buildSchema(), 'SchemaHealth')} }`);
      return answer.data.schemaHealth.status === 'UNREACHABLE' || answer.data.schemaHealth.blockers.length === 0 ? null : answer;
    }).finally(() => holder.release());

    expect(errors).toBeUndefined();
    expect(data.schemaHealth).toMatchObject({ status: 'BROKEN', policy: 'DEGRADE', unverified: [{ object: 'email_drafts' }] });
    expect(data.schemaHealth.blockers).toEqual([{ pid: holder.pid, preparedTransaction: null, user: 'postgres', applicationName: 'a forgotten psql', query: null, heldForMs: null, objects: ['email_drafts'] }]);
    expect(data.schemaHealth.migrations.migrations.length).toBeGreaterThan(2);
    expect(data.schemaHealth.repairPlan.length).toBeGreaterThan(0);
  });

  test('every field answers when the database does not', async () => {
    through.stop();
    const { data, errors } = await ask(`{ schemaHealth ${selection(buildSchema(), 'SchemaHealth')} }`);

    expect(errors).toBeUndefined();
    expect(data.schemaHealth).toMatchObject({ status: 'UNREACHABLE', database: null, migrations: null, drift: [], error: expect.stringContaining('nothing listens there') });
  });

  test('the past answers when the database does not', async () => {
    through.stop();
    const { data, errors } = await ask('{ schemaDriftHistory { ended { id } error } }');

    expect(errors).toBeUndefined();
    expect(data.schemaDriftHistory).toEqual({ ended: null, error: expect.stringContaining('nothing listens there') });
  });

  test.each(['schemaDriftHistory(first: -1) { error }', 'schemaRepairs(first: 501) { error }'])('what is out of bounds is refused, not cut: %s', async (field) => {
    const { errors } = await ask(`{ ${field} }`);

    expect(errors).toMatchObject([{ message: 'first must be between 0 and 500.', extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('drift can be asked for by its severity', async () => {
    await asAdmin('drop table social_drafts cascade; drop index jobs_status; alter table jobs add column harmless text');
    const { data } = await ask('{ schemaHealth { all: drift { severity } some: drift(minSeverity: WARNING) { severity } worst: drift(minSeverity: BREAKING) { severity } } }');
    const kinds = (list: { severity: string }[]) => [...new Set(list.map(({ severity }) => severity))].sort();

    expect(kinds(data.schemaHealth.all)).toEqual(['BREAKING', 'INFO', 'WARNING']);
    expect(kinds(data.schemaHealth.some)).toEqual(['BREAKING', 'WARNING']);
    expect(kinds(data.schemaHealth.worst)).toEqual(['BREAKING']);
  });

  test("another session's statement is for administrators only", async () => {
    await asAdmin('grant pg_read_all_stats to %role');
    await queryOnce(database.url, `insert into api_keys (id, name, role, hash) values (gen_random_uuid(), 'v', 'viewer', $1)`, [hashOf('key-viewer')]);
    const holder = await holding(database.url, 'lock table jobs in access exclusive mode');
    const query = '{ schemaHealth { blockers { pid query heldForMs } } }';
    const [admin, viewer, everybody] = [await ask(query), await ask(query, 'key-viewer'), await json('health/schema')];
    await holder.release();

    expect(admin.data.schemaHealth.blockers).toEqual([{ pid: holder.pid, query: expect.stringContaining('select pg_backend_pid()'), heldForMs: expect.any(Number) }]);
    expect(viewer.data.schemaHealth.blockers).toEqual([{ pid: holder.pid, query: null, heldForMs: expect.any(Number) }]);
    expect(everybody.body.blockers).toMatchObject([{ pid: holder.pid, query: null }]);
  });
});

/** Every field of a type, and of those below it. */
function selection(schema: GraphQLSchema, name: string): string {
  const type = schema.getType(name);
  if (!isObjectType(type)) return '';
  return `{ ${Object.values(type.getFields()).map((field) => `${field.name} ${selection(schema, getNamedType(field.type).name)}`).join(' ')} }`;
}
