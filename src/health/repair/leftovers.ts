import type { Client } from 'pg';
import type { RepairStep } from '../report.ts';

/** The INVALID indexes in our reach that no session is building. */
export async function leftoversOf(client: Client, step: RepairStep): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', s.nspname, c.relname) as name
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid join pg_namespace s on s.oid = c.relnamespace
     where not i.indisvalid and c.relkind = 'i' and t.relname = any($1)
       and not exists (select from pg_stat_progress_create_index p where p.index_relid = c.oid)`,
    [tablesOf(step)],
  );
  return rows.map(({ name }) => name);
}

/** What is INVALID now and was not before is what this step left behind. */
export async function removeInvalid(client: Client, step: RepairStep, before: readonly string[]): Promise<void> {
  const now = await leftoversOf(client, step);
  for (const name of now.filter((index) => !before.includes(index))) await client.query(`drop index concurrently if exists ${name}`);
}

/** Ids of differences begin with their table: "INDEX:jobs#jobs_status", "INDEX:pgboss.job#…". */
function tablesOf({ resolves }: RepairStep): string[] {
  return resolves.map((id) => /^\w+:([^#=]*)/.exec(id)?.[1]?.split('.').at(-1) ?? '');
}

