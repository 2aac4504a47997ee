import pg from 'pg';
import { createTestDatabase } from '../support/database.ts';
import type { RepairStep } from '../../src/health/health.ts';
import { cases } from './repairCases.ts';
import { fill, repairable } from './repairSupport.ts';
import { run } from './support.ts';

const modes = ['none', 'ACCESS SHARE', 'ROW SHARE', 'ROW EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE', 'SHARE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE'];

/** The strongest lock that a statement holds on what was there before it. */
async function lockOf(client: pg.Client, sql: string): Promise<string> {
  await client.query('begin; set local search_path = public; set local check_function_bodies = off');
  try {
    const { rows: before } = await client.query<{ oid: string }>(`select oid from pg_class where relkind in ('r', 'p', 'v', 'm', 'S', 'i', 'I')`);
    await client.query('savepoint here');
    await client.query(sql);
    const { rows } = await client.query<{ mode: string }>(
      `select mode from pg_locks l join pg_class c on c.oid = l.relation where l.pid = pg_backend_pid() and l.relation = any($1::oid[]) and c.relnamespace::regnamespace::text in ('public', 'pgboss', 'archive')`,
      [before.map(({ oid }) => oid)],
    );
    const found = rows.map(({ mode }) => modes.findIndex((name) => name.replaceAll(' ', '').toLowerCase() === mode.replace(/Lock$/, '').toLowerCase()));
    return modes[Math.max(0, ...found)]!;
  } finally {
    await client.query('rollback');
  }
}

async function planned(url: string): Promise<RepairStep[]> {
  const { health, close } = repairable(url);
  const { repairPlan } = await health.check();
  await close();
  return repairPlan;
}

test.each(cases)('the plan names the lock that mends %s', async (_, statements) => {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await fill(database.url);
    await run(database, ...[statements].flat());
    // The journal of DDL writes down every change in a table of its own.
    const journal = 'alter event trigger outrider_schema_change disable; alter event trigger outrider_schema_drop disable';
    await run(database, journal);
    const plan = (await planned(database.url)).map(({ sql, lock }) => ({ sql, lock }));
    const taken: typeof plan = [];
    for (const { sql, lock } of plan) {
      // What runs CONCURRENTLY takes its locks in transactions of its own, where they cannot be seen.
      taken.push({ sql, lock: / concurrently /.test(sql) ? lock : await lockOf(client, sql) });
      // A step may rest on the one before it.
      await client.query(sql);
    }
    expect(plan).toEqual(taken);
    expect(plan).not.toEqual([]);
  } finally {
    await client.end();
    await database.drop();
  }
});
