import type pg from 'pg';

/** The role whose rights are judged: it owns nothing. */
export const SERVER = 'drift_matrix_server';

/** A role through which the server may be granted something. */
export const GROUP = 'drift_matrix_group';

/** Somebody else who could own a table. */
export const STRANGER = 'drift_matrix_stranger';

/** Makes the roles where they are not there, and grants the server what it needs in these schemas. */
export async function makeRoles(client: pg.ClientBase, schemas: readonly string[]): Promise<void> {
  for (const role of [SERVER, GROUP, STRANGER]) {
    await client.query(`do $$ begin create role ${role}; exception when duplicate_object or unique_violation then null; end $$`);
  }
  for (const schema of schemas) {
    const name = `"${schema}"`;
    await client.query(`grant usage on schema ${name} to ${SERVER};
      grant select, insert, update, delete on all tables in schema ${name} to ${SERVER};
      grant usage, select, update on all sequences in schema ${name} to ${SERVER}`);
  }
}
