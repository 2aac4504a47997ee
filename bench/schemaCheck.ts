import pg from 'pg';
import { query, type BenchServer } from './database.ts';
import { compared, type Figure, within } from './figures.ts';
import { alternate, timed } from './measure.ts';
import { createOrm, createSchemaHealth } from './outrider.ts';
import { countRoundTrips } from './roundTrips.ts';

const rounds = 15;

interface Surroundings {
  what: string;
  /** other people's tables, each with keys, an index and a check */
  tables: number;
  /** where they stand */
  schema: string;
  goalMs: number;
}

const surroundings: Surroundings[] = [
  { what: 'full schema check', tables: 0, schema: 'elsewhere', goalMs: 50 },
  { what: 'full schema check beside 500 tables of other schemas', tables: 500, schema: 'elsewhere', goalMs: 250 },
  { what: 'full schema check beside 3,000 tables of other schemas', tables: 3000, schema: 'elsewhere', goalMs: 1000 },
  { what: 'full schema check beside 500 other tables in our schema', tables: 500, schema: 'public', goalMs: 250 },
];

/** A full check (catalog read and compared, nothing remembered) against its goal, MikroORM's own diff and a round trip. */
export async function benchSchemaCheck(server: BenchServer): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [index, around] of surroundings.entries()) {
    const url = await server.createDatabase(`schema_check_${index}`);
    await makeTables(url, around);
    figures.push(...(await benchBeside(url, around)), ...(around.tables === 0 ? [await benchRoundTrips(url), await benchLocked(url)] : []));
  }
  return figures;
}

async function benchBeside(url: string, { what, tables, schema, goalMs }: Surroundings): Promise<Figure[]> {
  const health = createSchemaHealth({ url, policy: 'STRICT', operations: {}, log: silent });
  const orm = await createOrm({ url });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { status, summary } = await health.check({ refresh: true });
    const right = tables > 0 && schema === 'public' ? 'DRIFTED' : 'READY';
    if (status !== right) throw new Error(`A database that was just migrated is ${status}: ${summary}`);
    const time = await alternate(rounds, {
      check: () => timed(() => health.check({ refresh: true })),
      unchanged: () => timed(() => health.check()),
      selectOne: () => timed(() => client.query('select 1')),
      mikroOrm: () => timed(() => orm.schema.getUpdateSchemaSQL()),
    });
    return [
      within(what, 'ms', time.check, goalMs),
      compared(what, 'ms', time.check, "MikroORM's getUpdateSchemaSQL()", time.mikroOrm, { atMost: 1 }),
      compared(what, 'ms', time.check, 'select 1', time.selectOne),
      compared(`${what}, nothing changed since the last`, 'ms', time.unchanged, 'select 1', time.selectOne),
    ];
  } finally {
    await Promise.all([health.close(), orm.close(), client.end()]);
  }
}

/** MikroORM has no part in this: it waits for the lock. */
async function benchLocked(url: string): Promise<Figure> {
  const health = createSchemaHealth({ url, policy: 'STRICT', operations: {}, log: silent });
  const holder = new pg.Client({ connectionString: url });
  await holder.connect();
  try {
    await holder.query('begin; lock table jobs in access exclusive mode');
    const { unverified } = await health.check();
    if (!unverified.some(({ object }) => object === 'jobs')) throw new Error('The lock is not noticed.');
    const { check } = await alternate(rounds, { check: () => timed(() => health.check({ refresh: true })) });
    return within('full schema check while a table is locked exclusively', 'ms', check, 300);
  } finally {
    await Promise.all([health.close(), holder.end()]);
  }
}

async function benchRoundTrips(url: string): Promise<Figure> {
  const trips = await countRoundTrips(url);
  const health = createSchemaHealth({ url: trips.url, policy: 'STRICT', operations: {}, log: silent });
  try {
    await health.check();
    const before = trips.count();
    await health.check({ refresh: true });
    const ours = trips.count() - before;
    return { what: 'round trips of a full schema check', unit: '', ours, peer: 'goal', theirs: 1, ratio: ours, goal: '1', reached: ours === 1 };
  } finally {
    await health.close();
    trips.close();
  }
}

/** A few hundred in one transaction: each takes some locks. */
async function makeTables(url: string, { tables, schema }: Surroundings): Promise<void> {
  if (tables === 0) return;
  await query(url, `create schema if not exists ${schema}`);
  for (let first = 1; first <= tables; first += 250) {
    await query(
      url,
      `do $$ begin for n in ${first}..${Math.min(first + 249, tables)} loop
         execute format('create table ${schema}.other_%s (id bigint primary key, name text not null unique, note text default ''none'', parent_id bigint references ${schema}.other_%s,
           score integer check (score between 0 and 100), made_at timestamptz not null default now())', n, case when n % 250 = 1 then n else n - 1 end);
         execute format('create index on ${schema}.other_%s (parent_id, made_at desc) where score is not null', n);
       end loop; end $$`,
    );
  }
  await query(url, 'analyze');
}

const silent = { info() {}, warn() {} };
