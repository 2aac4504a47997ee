import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { adminToken, startApi, type Api, type Answer } from './support.ts';
import { hashOf } from '../../src/domain/tokens.ts';
import { holding } from '../health/support.ts';
import { waitFor } from '../support/waitFor.ts';

const repairDocument = `mutation ($input: RepairSchemaInput!) {
  repairSchema(input: $input) {
    dryRun running executed { id sql error } skipped { id risk } failed { id error }
    health { status drift { id } planHash } userErrors { code message field }
  }
}`;

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.stop());

async function repair(input: object): Promise<any> {
  const { data, errors } = (await api.ask(repairDocument, { input })) as Answer;
  expect(errors).toBeUndefined();
  return data.repairSchema;
}

/** A repair and its end, which a machine with much to do reaches after the answer. */
async function repaired(input: object): Promise<any> {
  const outcome = await repair({ dryRun: false, ...input });
  if (!outcome.running) return outcome;
  const record = await waitFor(async () => (await api.sql(`select state, steps from schema_repairs order by created_at desc limit 1`)).find(({ state }) => state !== 'running'));
  const { data } = await api.ask('{ schemaHealth(refresh: true) { status drift { id } } }');
  return { ...outcome, executed: record.steps.filter(({ state }: { state: string }) => state === 'done'), health: data.schemaHealth };
}

async function planHash(): Promise<string> {
  const { data } = await api.ask('{ schemaHealth(refresh: true) { planHash } }');
  return data.schemaHealth.planHash;
}

describe('repairSchema', () => {
  test('mends a lost column with all that fell with it, while operations answer SCHEMA_NOT_READY', async () => {
    await api.sql('alter table jobs drop column drafts_created cascade');

    const outcome = await repair({ dryRun: false, planHash: await planHash() });

    expect(outcome).toMatchObject({ dryRun: false, failed: [], skipped: [], userErrors: [] });
    // On a machine with much to do it goes on after the answer.
    await waitFor(async () => (await api.ask('{ schemaHealth(refresh: true) { status } }')).data.schemaHealth.status === 'READY');
    expect((await api.ask('{ jobs { totalCount } }')).errors).toBeUndefined();
  });

  test('says what it would run, and changes nothing, unless told', async () => {
    await api.sql('drop index jobs_status');

    const outcome = await repair({});

    expect(outcome).toMatchObject({ dryRun: true, running: false, executed: [], skipped: [{ id: 'INDEX:jobs#jobs_status' }], health: { status: 'DRIFTED' } });
    expect(await api.sql(`select to_regclass('jobs_status') as found`)).toEqual([{ found: null }]);
  });

  test('leaves a durable record and an activity for each step', async () => {
    await api.sql('drop index jobs_status');
    const hash = await planHash();
    await repaired({ planHash: hash });

    const [record] = await api.sql('select * from schema_repairs');
    expect(record).toMatchObject({ requested_by: 'admin', action: 'repair', plan_hash: hash, state: 'done', error: null });
    expect(record.steps).toMatchObject([{ id: 'INDEX:jobs#jobs_status', state: 'done' }]);
    expect(record.finished_at).not.toBeNull();
    const rows = await api.sql(`select actor, action, subject_type, subject_id, details from activities`);
    expect(rows).toMatchObject([{ actor: 'admin', action: 'schema.repaired', subject_type: 'Schema', subject_id: record.id, details: { step: 'INDEX:jobs#jobs_status', error: null } }]);
    expect(Object.keys(rows[0].details)).toEqual(expect.arrayContaining(['before', 'after', 'durationMs', 'sql', 'undo']));
  });

  test('shows what was repaired, step by step, also to a viewer', async () => {
    await api.sql(`insert into api_keys (id, name, role, hash) values (gen_random_uuid(), 'a viewer', 'viewer', $1)`, [hashOf('key-viewer')]);
    await api.sql('drop index jobs_status');
    await repaired({ planHash: await planHash() });

    const { data, errors } = await api.ask('{ schemaRepairs { repairs { action state requestedBy finishedAt steps { state waitingFor step { id sql } } } error } }', {}, 'key-viewer');
    expect(errors).toBeUndefined();
    expect(data.schemaRepairs).toEqual({
      repairs: [{ action: 'REPAIR', state: 'DONE', requestedBy: 'admin', finishedAt: expect.any(String), steps: [{ state: 'DONE', waitingFor: null, step: { id: 'INDEX:jobs#jobs_status', sql: expect.stringContaining('jobs_status') } }] }],
      error: null,
    });
  });

  test('answers STALE and runs nothing once the schema has moved', async () => {
    await api.sql('drop index jobs_status');
    const hash = await planHash();
    await api.sql('create table guests (id int)');

    const outcome = await repair({ dryRun: false, planHash: hash });

    expect(outcome).toMatchObject({ executed: [], userErrors: [{ code: 'STALE', field: ['input', 'planHash'] }] });
    expect(await api.sql(`select to_regclass('jobs_status') as found`)).toEqual([{ found: null }]);
  });

  test('runs nothing without a hash', async () => {
    await api.sql('drop index jobs_status');

    expect(await repair({ dryRun: false })).toMatchObject({ executed: [], userErrors: [{ code: 'INVALID', field: ['input', 'planHash'] }] });
  });

  test('runs only the steps that are named, and names those that it does not know', async () => {
    await api.sql('drop index jobs_status');
    await api.sql('drop index jobs_created_at');

    expect(await repair({ dryRun: false, planHash: await planHash(), stepIds: ['INDEX:jobs#jobs_status', 'nonsense'] })).toMatchObject({
      executed: [],
      userErrors: [{ code: 'INVALID', field: ['input', 'stepIds', '1'] }],
    });
    expect(await repaired({ planHash: await planHash(), stepIds: ['INDEX:jobs#jobs_status'] })).toMatchObject({
      executed: [{ id: 'INDEX:jobs#jobs_status' }],
      skipped: [{ id: 'INDEX:jobs#jobs_created_at' }],
      health: { drift: [{ id: 'INDEX:jobs#jobs_created_at' }] },
    });
  });

  test('leaves what is not SAFE alone unless it is named', async () => {
    await api.sql('alter table activities set unlogged');

    expect(await repair({ dryRun: false, planHash: await planHash() })).toMatchObject({ executed: [], skipped: [{ id: 'PERSISTENCE:activities', risk: 'CAUTION' }] });
    expect(await repaired({ planHash: await planHash(), stepIds: ['PERSISTENCE:activities'] })).toMatchObject({ health: { status: 'READY' } });
  });

  test('answers CONFLICT while another process repairs or migrates', async () => {
    await api.sql('drop index jobs_status');
    const hash = await planHash();
    const other = await holding(api.databaseUrl, 'select pg_advisory_lock(4715001933)');

    expect(await repair({ dryRun: false, planHash: hash })).toMatchObject({ executed: [], userErrors: [{ code: 'CONFLICT' }] });
    await other.release();
  });

  test('goes on after the request was answered, and tells its end to those who listen', async () => {
    await api.sql('drop index jobs_status');
    const hash = await planHash();
    // CREATE INDEX CONCURRENTLY waits for this transaction to end.
    const other = await holding(api.databaseUrl, 'delete from jobs');

    expect(await repair({ dryRun: false, planHash: hash })).toMatchObject({ running: true, userErrors: [] });
    await other.release();
    await waitFor(async () => (await api.sql(`select state from schema_repairs`))[0]?.state === 'done');
    await waitFor(async () => (await api.ask('{ schemaHealth { status } }')).data.schemaHealth.status === 'READY');
  });

  test('tells those who listen that it ended, although nothing was mended', async () => {
    await api.sql('drop index jobs_status');
    await api.sql('drop index jobs_created_at');
    const hash = await planHash();
    const client = createClient({ url: `${api.url.replace('http', 'ws')}graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${adminToken}` }, retryAttempts: 0 });
    const told = client.iterate<{ schemaHealthChanged: { drift: { id: string }[] } }>({ query: 'subscription { schemaHealthChanged { drift { id } } }' });
    let heard: { id: string }[] | undefined;
    void told.next().then(({ value }) => (heard = value?.data?.schemaHealthChanged.drift));
    // Again and again, for nobody says when the subscription has begun.
    await waitFor(async () => {
      expect(await repair({ dryRun: false, planHash: hash, stepIds: [] })).toMatchObject({ executed: [], userErrors: [] });
      return heard;
    });

    expect(heard).toHaveLength(2);
    await client.dispose();
  });

  test('is for administrators', async () => {
    await api.sql(`insert into api_keys (id, name, role, hash) values (gen_random_uuid(), 'an operator', 'operator', $1)`, [hashOf('key-operator')]);

    const { data, errors } = await api.ask(repairDocument, { input: {} }, 'key-operator');
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});


