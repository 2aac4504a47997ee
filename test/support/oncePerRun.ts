import pg from 'pg';
import { publishedServer } from './server.ts';

/** Does `work` in the first test file that asks for it; the others wait until it is done. One that fails is tried again by the next. */
export async function oncePerRun(what: string, work: () => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: publishedServer().url });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(hashtext($1))', [what]);
    const { rows } = await client.query<{ done: boolean }>('select to_regclass($1) is not null as done', [`"${what}"`]);
    if (rows[0]?.done) return;
    await work();
    await client.query(`create table "${what}" ()`);
  } finally {
    await client.end();
  }
}
