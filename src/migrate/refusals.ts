import type { Client } from 'pg';
import { MigrationError } from './errors.ts';
import type { HistoryRow } from './history.ts';
import { otherTools } from './otherTools.ts';
import type { PendingMigration } from './pending.ts';

/** Where mending a history keeps the one that it replaced. */
export const KEPT_SCHEMA = 'outrider_kept';

/**
 * Throws where applying what is pending would make things worse: beside tables that nobody recorded, and where the
 * history that says what was applied stands elsewhere.
 */
export async function refuseToMakeWorse(client: Client, pending: readonly PendingMigration[], history: readonly HistoryRow[]): Promise<void> {
  if (pending.length === 0) return;
  const existing = await objectsThere(client, pending);
  const elsewhere = history.length === 0 ? await historiesElsewhere(client) : [];
  const names = listed(existing);
  if (existing.length > 0 && history.length > 0) {
    throw new MigrationError(
      `The history does not say that ${pending[0]?.migration.name} was applied, but what it makes is there already (${names}): run "outrider schema history --repair", which mends the history from what is really there.`,
    );
  }
  if (elsewhere.length > 0) {
    throw new MigrationError(`The migration history stands in the schema ${elsewhere.join(', ')}, and none in this one: run "outrider schema history --repair" to see what to do.`);
  }
  if (existing.length === 0) return;
  const other = await otherHistory(client);
  if (other !== null) {
    throw new MigrationError(
      `${names} are there already, made by ${other.tool} (its history is ${other.table}), and there is no history of ours: run "outrider schema history --adopt" to see what fits and to take them over.`,
    );
  }
  throw new MigrationError(
    `The migration history is missing or empty, but what the migrations make is there already (${names}): run "outrider schema history --repair", which rebuilds it from what is really there.`,
  );
}

/** Throws where nothing can be written. */
export async function refuseReadOnly(client: Client): Promise<void> {
  const { rows } = await client.query<{ standby: boolean; readonly: boolean }>(
    `select pg_is_in_recovery() as standby, current_setting('transaction_read_only')::boolean as readonly`,
  );
  if (rows[0]?.standby) throw new MigrationError('This server is a standby, which cannot be written: run migrate against the primary; what it applies arrives here by itself.');
  if (rows[0]?.readonly) throw new MigrationError('This role is read-only here (default_transaction_read_only is on): set DATABASE_OWNER_URL to a role that may write.');
}

/** Tables, then types, that pending migrations would make and that are there. One that stopped half way repeats its last step. */
async function objectsThere(client: Client, pending: readonly PendingMigration[]): Promise<string[]> {
  const made = pending.filter(({ migration, started }) => migration.transactional || !started).flatMap(({ migration, done }) => objectsMade(migration.statements.slice(done)));
  const { rows } = await client.query<{ name: string }>(
    `select name from unnest($1::text[], $2::text[]) with ordinality made (kind, name, place)
     where case kind when 'type' then to_regtype(name) is not null else to_regclass(name) is not null end order by kind, place`,
    [made.map(({ kind }) => kind), made.map(({ name }) => name)],
  );
  return rows.map(({ name }) => name.replaceAll('"', ''));
}

function objectsMade(statements: readonly string[]): { kind: string; name: string }[] {
  return statements.flatMap((statement) => {
    const [, kind = '', name = ''] = /^\s*create\s+(?:unlogged\s+)?(table|type)\s+(?!if\s)((?:"(?:[^"]|"")+"|\w+)(?:\.(?:"(?:[^"]|"")+"|\w+))?)/i.exec(statement) ?? [];
    return name === '' ? [] : [{ kind: kind.toLowerCase(), name }];
  });
}

async function historiesElsewhere(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ schema: string }>(
    `select n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relname = 'schema_migrations' and c.relkind in ('r', 'p') and n.nspname not in (current_schema(), $1)
       and (select count(*) from pg_attribute where attrelid = c.oid and attname in ('checksum', 'statements_applied') and not attisdropped) = 2
     order by 1`,
    [KEPT_SCHEMA],
  );
  return rows.map(({ schema }) => schema);
}

async function otherHistory(client: Client): Promise<{ table: string; tool: string } | null> {
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `select c.relname as table, array_agg(a.attname::text) as columns from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = (select oid from pg_namespace where nspname = current_schema()) and c.relname = any ($1) group by 1 order by 1`,
    [Object.keys(otherTools)],
  );
  const found = rows.find(({ table, columns }) => otherTools[table]?.columns.every((column) => columns.includes(column)));
  return found ? { table: found.table, tool: otherTools[found.table]?.tool ?? found.table } : null;
}

function listed(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');
}
