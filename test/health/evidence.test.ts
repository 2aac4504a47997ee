import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.ts';
import { healthOf, holding, run } from './support.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

/** What the rows say about each difference, by its id. */
async function evidence(url = database.url): Promise<Record<string, string | null>> {
  const health = healthOf(url);
  try {
    const { drift } = await health.check();
    return Object.fromEntries(drift.map((item) => [item.id, item.evidence]));
  } finally {
    await health.close();
  }
}

const prospect = (n: number, key = `key ${n}`) => `insert into prospects (id, canonical_key, display_name, source_platform) values ('00000000-0000-0000-0000-00000000000${n}', '${key}', 'N', 'github')`;
const profile = (n: number, of: number) =>
  `insert into social_profiles (id, prospect_id, canonical_key, platform, username, profile_url) values ('10000000-0000-0000-0000-00000000000${n}', '00000000-0000-0000-0000-00000000000${of}', 'p${n}', 'github', 'u', 'https://x')`;

describe('the rows say', () => {
  test('how many refer to nothing where a foreign key is missing', async () => {
    const [key] = await queryOnce<{ name: string }>(database.url, `select conname as name from pg_constraint where conrelid = 'social_profiles'::regclass and contype = 'f' and confrelid = 'prospects'::regclass`);
    await run(database, `alter table social_profiles drop constraint ${key!.name}`, prospect(1), profile(1, 1), profile(2, 8), profile(3, 9));

    expect(await evidence()).toEqual({ [`FOREIGN_KEY:social_profiles#${key!.name}`]: '2 rows refer to no row of prospects, such as id 10000000-0000-0000-0000-000000000002' });
  });

  test('that a NOT VALID foreign key is kept all the same', async () => {
    const [key] = await queryOnce<{ name: string; definition: string }>(database.url, `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = 'social_profiles'::regclass and contype = 'f' and confrelid = 'prospects'::regclass`);
    await run(database, `alter table social_profiles drop constraint ${key!.name}, add constraint ${key!.name} ${key!.definition} not valid`, prospect(1), profile(1, 1));

    expect(Object.values(await evidence())).toEqual(['0 rows refer to no row of prospects']);
  });

  test('which values occur twice where a unique key is missing', async () => {
    const [index] = await queryOnce<{ name: string }>(database.url, `select indexrelid::regclass::text as name from pg_index where indrelid = 'prospects'::regclass and indisunique and not indisprimary and pg_get_indexdef(indexrelid) like '%(canonical_key%'`);
    await run(database, `alter table prospects drop constraint if exists ${index!.name}`, `drop index if exists ${index!.name}`, prospect(1, 'same'), prospect(2, 'same'), prospect(3, 'same'), prospect(4));

    expect(Object.values(await evidence())).toEqual(['1 value occurs more than once, in 3 rows, such as that of id 00000000-0000-0000-0000-000000000001']);
  });

  test('which values occur twice among the rows that a partial key is about', async () => {
    const draft = (n: number, of: number, status: string) =>
      `insert into email_drafts (id, prospect_id, subject, body, fingerprint, approved_fingerprint, status) values ('30000000-0000-0000-0000-00000000000${n}', '00000000-0000-0000-0000-00000000000${of}', 's', 'b', 'f', 'f', '${status}')`;
    await run(database, 'drop index email_drafts_one_open', prospect(1), prospect(2), draft(1, 1, 'approved'), draft(2, 1, 'sent'), draft(3, 2, 'approved'), draft(4, 2, 'rejected'));

    expect(await evidence()).toEqual({ 'UNIQUE:email_drafts#email_drafts_one_open': '1 value occurs more than once, in 2 rows, such as that of id 30000000-0000-0000-0000-000000000001' });
  });

  test('which rows are doubled where a primary key is missing', async () => {
    await run(database, 'alter table settings drop constraint settings_pkey', `insert into settings select * from settings`);
    const [{ n } = { n: 0 }] = await queryOnce<{ n: number }>(database.url, 'select count(*)::int as n from settings');
    const said = Object.values(await evidence());

    expect(said).toEqual([n === 0 ? 'no value occurs twice' : expect.stringContaining('more than once')]);
  });

  test('how many hold NULL where NOT NULL was lost', async () => {
    await run(database, 'alter table prospects alter column source_platform drop not null', prospect(1), prospect(2), 'update prospects set source_platform = null');

    expect(await evidence()).toEqual({ 'COLUMN_NULLABILITY:prospects.source_platform': '2 rows hold NULL in source_platform, such as id 00000000-0000-0000-0000-000000000001' });
  });

  test('how many break a check that is missing, and that NULL does not', async () => {
    await run(database, 'alter table jobs drop constraint jobs_counters_not_negative', `insert into jobs (id, job_type, drafts_created) values ('20000000-0000-0000-0000-000000000001', 'draft', -1), (gen_random_uuid(), 'draft', 0)`);

    expect(await evidence()).toEqual({ 'CHECK:jobs#jobs_counters_not_negative': '1 row breaks jobs_counters_not_negative, such as id 20000000-0000-0000-0000-000000000001' });
  });

  test('how many hold a value that this version does not know, and where', async () => {
    await run(database, `alter type platform add value 'myspace'`, `insert into prospects (id, canonical_key, display_name, source_platform) values (gen_random_uuid(), 'k', 'N', 'myspace')`);

    expect(await evidence()).toEqual({ 'ENUM:platform=myspace': '1 row holds it, in prospects.source_platform' });
  });

  test('how far a sequence is behind its column', async () => {
    await run(database, `insert into schema_changes ("user", command, objects) select 'u', 'TEST', '{}' from generate_series(1, 40)`, `select setval(pg_get_serial_sequence('schema_changes', 'id'), 10)`);
    const [{ top }] = (await queryOnce<{ top: number }>(database.url, 'select max(id)::int as top from schema_changes')) as [{ top: number }];

    expect(Object.values(await evidence())).toEqual([`${top - 10} rows hold numbers that it is still to give; it is ${top - 10} behind ${top}`]);
  });

  test('which values occur twice where the index of a key is INVALID', async () => {
    await run(database, `update pg_index set indisvalid = false where indexrelid = 'email_drafts_one_open'::regclass`);

    expect(await evidence()).toEqual({ 'INVALID_INDEX:email_drafts#email_drafts_one_open': 'no value occurs twice' });
  });

  test('how many are out of date where a column is generated no longer', async () => {
    await run(database, prospect(1), 'alter table prospects alter column search drop expression', `update prospects set display_name = 'another'`);
    const said = await evidence();

    expect(said['COLUMN_GENERATED:prospects.search']).toBe('1 row has an outdated search, such as id 00000000-0000-0000-0000-000000000001');
  });

  test('nothing about an INVALID index that is no key', async () => {
    await run(database, `update pg_index set indisvalid = false where indexrelid = 'jobs_status'::regclass`);

    expect(await evidence()).toEqual({ 'INVALID_INDEX:jobs#jobs_status': null });
  });
});

describe('looking at rows', () => {
  const lostNotNull = ['alter table jobs drop constraint jobs_counters_not_negative', 'alter table prospects alter column source_platform drop not null'];

  test('never waits for a table that is locked, and goes on with the others', async () => {
    await run(database, ...lostNotNull);
    const holder = await holding(database.url, 'lock table jobs in access exclusive mode');
    const health = healthOf(database.url);
    const report = await health.check();
    await health.close();
    await holder.release();

    expect(Object.fromEntries(report.drift.map(({ id, evidence: said }) => [id, said]))).toEqual({
      'CHECK:jobs#jobs_counters_not_negative': null,
      'COLUMN_NULLABILITY:prospects.source_platform': '0 rows hold NULL in source_platform',
    });
  });

  test('is done again when a reading is asked for', async () => {
    await run(database, ...lostNotNull);
    const health = healthOf(database.url);
    const before = await health.check();
    await run(database, `insert into jobs (id, job_type, drafts_created) values ('20000000-0000-0000-0000-000000000001', 'draft', -1)`);
    const { drift } = await health.check({ refresh: true }).then(() => health.check({ refresh: true }));
    await health.close();

    const said = (list: typeof drift) => list.find(({ kind }) => kind === 'CHECK')?.evidence;
    expect([said(before.drift), said(drift)]).toEqual(['0 rows break jobs_counters_not_negative', expect.stringMatching(/^1 row breaks/)]);
  });

  test('takes a sample of a table that is too large to be counted, and says so', async () => {
    await run(
      database,
      lostNotNull[1]!,
      `insert into prospects (id, canonical_key, display_name, source_platform) select md5(n::text)::uuid, n::text, 'N', case when n % 4 > 0 then 'github'::platform end from generate_series(1, 80000) n`,
      'analyze prospects',
      // As PostgreSQL would know a larger one.
      `update pg_class set relpages = 50001 where relname = 'prospects'`,
    );
    const [said] = Object.values(await evidence());

    expect(said).toMatch(/^about [\d,]+ of 80,000 rows hold NULL in source_platform, from a sample, such as id /);
    const estimate = Number(/about ([\d,]+)/.exec(said!)![1]!.replaceAll(',', ''));
    expect(estimate).toBeGreaterThan(10_000);
    expect(estimate).toBeLessThan(30_000);
  });

  test('does not count where the role may not read', async () => {
    const role = `writer_${database.url.slice(-8)}`;
    await run(database, lostNotNull[0]!, `create role ${role} login password 'r'`, `grant usage on schema public, pgboss to ${role}`, `grant all on all tables in schema public, pgboss to ${role}`, `revoke select on jobs from ${role}`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'r';
    const said = await evidence(url.href);
    await run(database, `drop owned by ${role}`, `drop role ${role}`);

    expect(said['CHECK:jobs#jobs_counters_not_negative']).toBeNull();
  });

  test('counts what row security leaves to be seen', async () => {
    const role = `app_${database.url.slice(-8)}`;
    await run(database, prospect(1), prospect(2), 'analyze prospects', 'alter table prospects enable row level security', `create role ${role} login password 'r'`, `grant usage on schema public, pgboss to ${role}`, `grant all on all tables in schema public, pgboss to ${role}`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'r';
    const said = await evidence(url.href);
    await run(database, `drop owned by ${role}`, `drop role ${role}`);

    expect(said['ROW_SECURITY:prospects']).toBe(`0 rows can be seen by ${role}, of about 2 rows by PostgreSQL's own estimate`);
  });
});
