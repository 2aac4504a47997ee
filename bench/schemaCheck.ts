import pg from 'pg';
import type { BenchServer } from './database.ts';
import { compared, type Figure } from './figures.ts';
import { alternate, timed } from './measure.ts';
import { createOrm, createSchemaHealth } from './outrider.ts';

const rounds = 15;

/** A full check (catalog read and compared, nothing remembered) against a round trip and against MikroORM's own diff. */
export async function benchSchemaCheck(server: BenchServer): Promise<Figure[]> {
  const url = await server.createDatabase('schema_check');
  const health = createSchemaHealth({ url, policy: 'STRICT', operations: {}, log: { info() {}, warn() {} } });
  const orm = await createOrm({ url });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { status, summary } = await health.check({ refresh: true });
    if (status !== 'READY') throw new Error(`A database that was just migrated is ${status}: ${summary}`);
    const time = await alternate(rounds, {
      check: () => timed(() => health.check({ refresh: true })),
      selectOne: () => timed(() => client.query('select 1')),
      mikroOrm: () => timed(() => orm.schema.getUpdateSchemaSQL()),
    });
    const what = 'full schema check';
    return [
      compared(what, 'ms', time.check, "MikroORM's getUpdateSchemaSQL()", time.mikroOrm),
      compared(what, 'ms', time.check, 'select 1', time.selectOne),
    ];
  } finally {
    await Promise.all([health.close(), orm.close(), client.end()]);
  }
}
