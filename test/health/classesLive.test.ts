import pg from 'pg';
import { waitFor } from '../support/waitFor.ts';
import { createDepot, depotHealth, dropDepot, makeDepot } from './depot.ts';
import { holding, run } from './support.ts';
import type { TestDatabase } from '../support/database.ts';
import type { SchemaHealth } from '../../src/health/schemaHealth.ts';

let database: TestDatabase;
let health: SchemaHealth;
beforeAll(makeDepot);
afterAll(dropDepot);
beforeEach(async () => {
  database = await createDepot();
  health = depotHealth(database.url, 100);
});
afterEach(async () => {
  await health.close();
  await database.drop();
});

describe('what stands in no catalog', () => {
  test('a sequence that is set back is noticed by the poll, and that it was set right again', async () => {
    await run(database, 'insert into orders default values', 'insert into orders default values');
    expect((await health.check()).drift).toEqual([]);
    health.watch();

    await run(database, `select setval('orders_id_seq', 1)`);
    await waitFor(() => health.latest?.drift.find(({ kind }) => kind === 'SEQUENCE')?.actual === '2 comes next');
    await run(database, `select setval('orders_id_seq', 2)`);
    await waitFor(() => health.latest?.status === 'READY');
  });

  test('rows that take numbers change nothing', async () => {
    const before = await health.check();
    await run(database, 'insert into orders default values');

    expect((await health.check()).fingerprint).toBe(before.fingerprint);
  });
});

describe('a table under ACCESS EXCLUSIVE', () => {
  test('keeps no view, materialized view or sequence of it from an answer', async () => {
    await health.check();
    const holder = await holding(database.url, 'lock table orders, secrets in access exclusive mode');
    const { drift, unverified } = await health.check({ refresh: true });
    await holder.release();

    expect(drift).toEqual([]);
    expect(unverified.map(({ object }) => object)).toEqual(['billed', 'large', 'orders', 'secrets']);
  });
});

describe('a schema that changes while it is read', () => {
  test('is never described as a mixture of two moments', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const seen = new Set<string>();
    let isOver = false;
    const storm = (async () => {
      while (!isOver) {
        await client.query('alter table orders rename column note to remark');
        await client.query('alter table orders rename column remark to note');
        await new Promise((done) => setTimeout(done, 15));
      }
    })();
    for (let round = 0; round < 25; round++) {
      const { drift } = await health.check({ refresh: true });
      for (const { id, causedBy } of drift) if (causedBy === null) seen.add(id);
    }
    isOver = true;
    await storm;
    await client.end();

    expect([...seen].filter((id) => id !== 'RENAMED_COLUMN:orders.note')).toEqual([]);
    expect((await health.check({ refresh: true })).status).toBe('READY');
  });
});
