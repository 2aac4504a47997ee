import { incident, type Incident } from './support.ts';

/** Incident: four migration heads, and an alembic_version table that was missing, empty, or held several rows. */
let state: Incident;
afterEach(() => state.end());

const alembic = 'create table alembic_version (version_num varchar(32) primary key)';

test.each([
  ['is empty', []],
  ['has one head', [`insert into alembic_version values ('a1')`]],
  ['has four heads', [`insert into alembic_version values ('a1'), ('b2'), ('c3'), ('d4')`]],
])('an alembic_version that %s beside our whole history stops nothing and is named', async (_, more) => {
  state = await incident([alembic, ...more]);
  const { out } = await state.run('schema', 'check', '--json');
  const { status, drift } = JSON.parse(out) as { status: string; drift: { kind: string; severity: string; table: string | null; object: string | null }[] };

  expect(status).toBe('DRIFTED');
  expect(drift).toEqual([expect.objectContaining({ kind: 'HISTORY_FOREIGN', severity: 'INFO' })]);
  expect(await state.run('migrate')).toMatchObject({ code: 0 });
});

test('four heads in our own history are a fork: nothing is run, and the unknown ones are named', async () => {
  const stranger = (name: string) =>
    `insert into schema_migrations select (jsonb_populate_record(m, '{"name": "${name}", "checksum": "${'0'.repeat(64)}"}')).* from schema_migrations m where name = '0001_pipeline'`;
  state = await incident([stranger('0002_billing'), stranger('0002_search'), stranger('0003_tags')]);
  const { out } = await state.run('schema', 'check');
  const { code, err } = await state.run('migrate');

  expect(out).toMatch(/0002_billing[^]*0002_search[^]*0003_tags/);
  expect(code).toBe(1);
  expect(err).toMatch(/0002_billing/);
});

test('a history without our rows and with two heads of alembic is not taken for an empty one: migrate refuses and names --adopt', async () => {
  state = await incident([alembic, `insert into alembic_version values ('a1'), ('b2')`, 'drop table schema_migrations']);
  const { code, err } = await state.run('migrate');

  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('outrider schema history --adopt') });
});
