import type { SchemaDrift } from '../../src/health/health.ts';
import { depotAfter, dropDepot, makeDepot } from './depot.ts';
import { causeIn } from './support.ts';

beforeAll(makeDepot);
afterAll(dropDepot);

type Expectation = [what: string, statements: string | string[], drift: Partial<SchemaDrift>];

const order = (id: number) => `insert into orders (id, ticket) values (${id}, 1)`;

const sequences: Expectation[] = [
  ['a serial whose sequence was dropped', 'drop sequence orders_id_seq cascade', { kind: 'SEQUENCE', object: 'orders_id_seq', table: 'orders', column: 'id', effect: 'WRITE_FAILS', actual: 'missing' }],
  ['a default that takes another sequence', 'alter table orders alter ticket set default nextval(\'orders_id_seq\')', { kind: 'SEQUENCE', table: 'orders', column: 'ticket', expected: 'tickets', actual: 'orders_id_seq', effect: 'SILENT' }],
  ['a serial that is behind its table', [order(5)], { kind: 'SEQUENCE', table: 'orders', column: 'id', object: 'orders_id_seq', effect: 'WRITE_FAILS', sqlState: '23505', expected: 'above 5', actual: '1 comes next' }],
  ['an identity that is behind its table', [order(1), 'alter table invoices alter id restart with 3', `select setval('orders_id_seq', 1)`, 'insert into invoices (order_id, total) select 1, 1 from generate_series(1, 4)', 'alter table invoices alter id restart'], { kind: 'SEQUENCE', table: 'invoices', column: 'id', effect: 'WRITE_FAILS', expected: 'above 6' }],
  ['a sequence set to its greatest number, which is taken', [order(1), `select setval('orders_id_seq', 1, false)`], { kind: 'SEQUENCE', effect: 'WRITE_FAILS', sqlState: '23505' }],
  ['a sequence near its end', `select setval('orders_id_seq', 1900000000)`, { kind: 'SEQUENCE', object: 'orders_id_seq', effect: 'LATENT', severity: 'WARNING', actual: '88 % spent' }],
  ['a sequence that is spent', `select setval('side.lots_id_seq', 1000)`, { kind: 'SEQUENCE', object: 'side.lots_id_seq', table: 'side.lots', effect: 'WRITE_FAILS', sqlState: '2200H' }],
  ['a sequence that counts in other steps', 'alter sequence tickets increment 10', { kind: 'SEQUENCE', object: 'tickets', effect: 'LATENT', actual: 'bigint by 10 from 1 to 9223372036854775807' }],
  ['a sequence that counts down', 'alter sequence tickets increment -1 minvalue -100 maxvalue 100', { kind: 'SEQUENCE', object: 'tickets', effect: 'SILENT' }],
  ['a sequence that starts again', 'alter sequence side.lots_id_seq cycle', { kind: 'SEQUENCE', object: 'side.lots_id_seq', effect: 'LATENT' }],
  ['a sequence with an earlier end', 'alter sequence orders_id_seq maxvalue 10', { kind: 'SEQUENCE', object: 'orders_id_seq', effect: 'LATENT' }],
  ['an unlogged sequence', 'alter sequence tickets set unlogged', { kind: 'PERSISTENCE', object: 'tickets', effect: 'CORRUPTION' }],
];

const views: Expectation[] = [
  ['a missing view', 'drop view large', { kind: 'VIEW', table: 'large', effect: 'FAILS', sqlState: '42P01' }],
  ['a missing materialized view', 'drop materialized view totals', { kind: 'VIEW', table: 'totals', effect: 'FAILS' }],
  ['a view that shows other rows', 'create or replace view large as select id, note from orders where amount >= 11', { kind: 'VIEW', table: 'large', effect: 'SILENT' }],
  ['a view that shows other values', 'create or replace view large as select id, upper(note) as note from orders where amount >= 10 and amount <= 100', { kind: 'VIEW', effect: 'SILENT' }],
  ['a view without a column', ['drop view large', 'create view large as select id from orders where amount >= 10 and amount <= 100'], { kind: 'VIEW', effect: 'READ_FAILS', sqlState: '42703' }],
  ['a view that reads with the rights of its caller', 'alter view large set (security_invoker = on)', { kind: 'VIEW', table: 'large', actual: 'security_invoker=true' }],
  ['a view that is no barrier any more', 'alter view billed reset (security_barrier)', { kind: 'VIEW', table: 'billed', expected: 'security_barrier=true', actual: 'security_barrier=false' }],
  ['a view that checks what is written', 'alter view large set (check_option = local)', { kind: 'VIEW', actual: 'check_option=local' }],
  ['a materialized view that was never filled', 'refresh materialized view totals with no data', { kind: 'VIEW', table: 'totals', effect: 'READ_FAILS', sqlState: '55000' }],
  ['a table in the place of a view', ['drop view large', 'create table large (id integer, note text)'], { kind: 'RELATION_KIND', table: 'large', expected: 'view', actual: 'table' }],
];

const others: Expectation[] = [
  ['a missing extension', 'drop extension citext cascade', { kind: 'EXTENSION', object: 'citext', effect: 'FAILS' }],
  ['an extension in another schema', ['create schema extensions', 'alter extension citext set schema extensions'], { kind: 'EXTENSION', object: 'citext', expected: 'in public', actual: 'in extensions', effect: 'FAILS' }],
  ['an older extension', `update pg_extension set extversion = '1.0' where extname = 'citext'`, { kind: 'EXTENSION', object: 'citext', effect: 'LATENT', actual: '1.0' }],
  ['a domain over another type', ['alter table orders alter code type text', 'drop domain code', `create domain code as varchar(3) check (value ~ '^[A-Z]+$')`, 'alter table orders alter code type code'], { kind: 'COLUMN_TYPE', object: 'code', actual: 'character varying(3)' }],
  ['a domain without its check', 'alter domain code drop constraint code_check', { kind: 'CHECK', object: 'code', effect: 'SILENT', actual: 'missing' }],
  ['a domain with one check more', `alter domain code add constraint short check (length(value) < 9)`, { kind: 'CHECK', object: 'code', effect: 'WRITE_FAILS', sqlState: '23514' }],
  ['a domain that was not validated', ['alter domain code drop constraint code_check', `alter domain code add constraint code_check check (value ~ '^[A-Z]+$') not valid`], { kind: 'NOT_VALID_CONSTRAINT', object: 'code' }],
  ['a domain that accepts NULL', 'alter domain amount drop not null', { kind: 'COLUMN_NULLABILITY', object: 'amount', effect: 'SILENT' }],
  ['a domain with another default', 'alter domain amount set default 2', { kind: 'COLUMN_DEFAULT', object: 'amount', expected: '1', actual: '2' }],
  ['a missing rule', 'drop rule keep on places', { kind: 'RULE', table: 'places', object: 'keep', actual: 'missing', effect: 'SILENT' }],
  ['a disabled rule', 'alter table places disable rule keep', { kind: 'RULE', object: 'keep', actual: 'disabled' }],
  ['a rule that does something else', 'create or replace rule keep as on delete to places do instead select 1', { kind: 'RULE', object: 'keep', effect: 'SILENT' }],
  ['a partition that was detached', 'alter table events detach partition events_2025', { kind: 'RELATION_KIND', table: 'events_2025', effect: 'SILENT', actual: 'a table by itself' }],
  ['a partition of other rows', ['alter table events detach partition events_2025', `alter table events attach partition events_2025 for values from ('2025-01-01') to ('2025-07-01')`], { kind: 'RELATION_KIND', table: 'events_2025', effect: 'WRITE_FAILS', sqlState: '23514' }],
  ['a table that became a partition', ['create table guests (id integer not null, name text) partition by range (id)', 'drop table towns', 'alter table guests attach partition places default'], { kind: 'MISSING_TABLE', table: 'towns' }],
  ['a table that inherits no more', 'alter table towns no inherit places', { kind: 'RELATION_KIND', table: 'towns', effect: 'SILENT', actual: 'does not inherit it' }],
  ['a stranger that inherits one of ours', 'create table villages () inherits (invoices)', { kind: 'EXTRA_TABLE', table: 'villages', effect: 'SILENT', severity: 'BREAKING' }],
  ['row security that was switched off', 'alter table secrets disable row level security', { kind: 'ROW_SECURITY', table: 'secrets', effect: 'SILENT', actual: 'no row security' }],
  ['row security that binds the owner', 'alter table secrets force row level security', { kind: 'ROW_SECURITY', table: 'secrets', actual: 'binds the owner' }],
  ['a missing policy', 'drop policy own on secrets', { kind: 'ROW_SECURITY', table: 'secrets', object: 'own', actual: 'missing' }],
  ['another policy', 'alter policy own on secrets using (true)', { kind: 'ROW_SECURITY', object: 'own', effect: 'SILENT' }],
  ['a policy that is not ours', 'create policy more on secrets using (true)', { kind: 'ROW_SECURITY', object: 'more' }],
  ['a missing exclusion', 'alter table bookings drop constraint bookings_during_excl', { table: 'bookings', object: 'bookings_during_excl' }],
  ['a collation whose rules changed', [`create collation words (provider = icu, locale = 'de')`, 'create index events_note on events (note collate words)', `update pg_collation set collversion = '1' where collname = 'words'`], { kind: 'COLLATION_VERSION', object: 'public.words', effect: 'CORRUPTION', expected: '1' }],
  ['the collation of the database whose rules changed', `update pg_database set datcollversion = '1' where datname = current_database()`, { kind: 'COLLATION_VERSION', effect: 'CORRUPTION', expected: '1' }],
  ['an owner who owns nothing else', ['create role stranger_{n}', 'alter table orders owner to stranger_{n}'], { kind: 'OWNER', table: 'orders', effect: 'LATENT', severity: 'WARNING' }],
  ['a function of another owner', ['create function whisper(word text) returns text language sql immutable return lower(word)', 'create role stranger_{n}', 'alter domain code owner to stranger_{n}', 'alter function shout(text) owner to stranger_{n}', 'alter function shout(text) owner to current_user'], { kind: 'OWNER', object: 'code' }],
];

describe('a check of the second schema', () => {
  let count = 0;
  test.each([...sequences, ...views, ...others])('finds %s', async (_, statements, expected) => {
    count += 1;
    const report = await depotAfter(...[statements].flat().map((sql) => sql.replaceAll('{n}', `${process.pid}_${count}`)));

    expect(causeIn(report)).toMatchObject(expected);
    expect(report.error).toBeNull();
  });
});

test('a sequence that gives more than its column holds is spent before its own end', async () => {
  const { drift } = await depotAfter('alter sequence orders_id_seq as bigint maxvalue 9223372036854775807', `select setval('orders_id_seq', 2147483647)`);

  expect(drift.find(({ id }) => id.endsWith('=end'))).toMatchObject({ kind: 'SEQUENCE', object: 'orders_id_seq', effect: 'WRITE_FAILS', sqlState: '22003' });
});

const harmless: [what: string, ...statements: string[]][] = [
  ['nothing', 'select 1'],
  ['a renamed sequence', 'alter sequence orders_id_seq rename to numbers'],
  ['a sequence that belongs to no column', 'alter sequence orders_id_seq owned by none'],
  ['a sequence that keeps numbers in store', 'alter sequence tickets cache 50'],
  ['a sequence with another start', 'alter sequence tickets start 7'],
  ['numbers that were taken', `insert into orders default values`, `select nextval('tickets') from generate_series(1, 9)`],
  ['a view written with between', 'create or replace view large as select id, note from orders where amount between 10 and 100'],
  ['a view with an alias', 'create or replace view large as select o.id, o.note from orders o where o.amount >= 10 and o.amount <= 100'],
  ['a view whose conditions changed places', 'create or replace view large as select id, note from orders where amount <= 100 and 10 <= amount'],
  ['a view recreated the same', 'drop view billed', 'create view billed with (security_barrier = on) as select o.id, i.total from orders as o inner join invoices as i on i.order_id = o.id'],
  ['a refreshed materialized view', 'refresh materialized view totals'],
  ['a newer extension, and one that nobody needs', 'create extension pg_trgm schema side', `update pg_extension set extversion = '99.0' where extname = 'citext'`],
  ['a renamed check of a domain', 'alter domain code rename constraint code_check to letters'],
  ['a domain of ours that is used elsewhere', 'create table side.more (code code)'],
  ['a renamed rule', 'alter rule keep on places rename to stay'],
  ['a renamed policy', 'alter policy own on secrets rename to mine'],
  ['a view with a check that means the same', 'create or replace view large with (security_barrier = false) as select id, note from orders where amount >= 10 and amount <= 100'],
  ['everything owned by another role', 'create role heir_{n}', `do $$ declare t record; begin for t in select c.oid::regclass as name from pg_class c where relnamespace in ('public'::regnamespace, 'side'::regnamespace) and relkind in ('r', 'p', 'v', 'm') loop execute format('alter table %s owner to heir_{n}', t.name); end loop; end $$`],
];

describe('a check of the second schema is silent about', () => {
  let count = 100;
  test.each(harmless)('%s', async (_, ...statements) => {
    count += 1;
    const { status, drift } = await depotAfter(...statements.map((sql) => sql.replaceAll('{n}', `${process.pid}_${count}`)));

    expect(drift.filter(({ effect }) => effect !== 'NONE')).toEqual([]);
    expect(status === 'READY' || drift.length > 0).toBe(true);
  });
});
