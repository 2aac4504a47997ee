import pg from 'pg';
import { createTestDatabase, queryOnce } from '../../support/database.ts';

/** A database that is served by a role which owns nothing, as in production. */
export interface Served {
  /** of the serving role */
  url: string;
  role: string;
  /** who breaks and mends it */
  owner: pg.Client;
  drop(): Promise<void>;
}

export async function openServed(): Promise<Served> {
  const database = await createTestDatabase();
  const name = new URL(database.url).pathname.slice(1);
  const role = `serving_${name.slice(-12)}`;
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await owner.query(`create role ${role} login password 'serving'`);
  for (const schema of ['public', 'pgboss']) {
    await owner.query(`grant usage on schema ${schema} to ${role}`);
    await owner.query(`grant select, insert, update, delete on all tables in schema ${schema} to ${role}`);
  }
  return {
    url: Object.assign(new URL(database.url), { username: role, password: 'serving' }).href,
    role,
    owner,
    async drop() {
      await owner.query(`drop owned by ${role}`);
      await owner.end();
      await database.drop();
      await queryOnce(database.url.replace(name, 'postgres'), `drop role ${role}`);
    },
  };
}
