import type { Client } from 'pg';
import type { ExpectedCatalog } from '../../expectedCatalog.ts';
import { quoteTable } from '../../fixes/identifiers.ts';
import { HISTORY_TABLE } from '../../readCatalog.ts';

/** What a role might do with the tables that are replaced. */
export interface Grant {
  /** quoted, or public */
  role: string;
  privileges: string[];
}

/** Rights of others than the owner on any of the tables. */
export async function grantsOn(client: Client, schema: string, tables: readonly string[]): Promise<Grant[]> {
  const { rows } = await client.query<Grant>(
    `select case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end as role, array_agg(distinct a.privilege_type order by a.privilege_type) as privileges
     from pg_class c cross join aclexplode(c.relacl) a
     where c.relnamespace = $1::regnamespace and c.relname = any ($2) and a.grantee <> c.relowner and a.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
     group by 1 order by 1`,
    [schema, tables],
  );
  return rows;
}

/** The same rights on all of our tables: whoever served the old ones serves the new ones. */
export async function grantAgain(client: Client, { relations, schemas }: ExpectedCatalog, grants: readonly Grant[]): Promise<void> {
  const tables = Object.keys(relations).filter((table) => table !== HISTORY_TABLE).map(quoteTable);
  for (const { role, privileges } of grants) {
    await client.query(`grant usage on schema ${schemas.join(', ')} to ${role}`);
    await client.query(`grant ${privileges.join(', ')} on ${tables.join(', ')} to ${role}`);
    if (privileges.includes('SELECT')) await client.query(`grant select on ${HISTORY_TABLE} to ${role}`);
  }
}
