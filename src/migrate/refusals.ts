import type { Client } from 'pg';
import { clausesOf, wentWith, type Part } from './clauses.ts';
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

/** Throws where text is not kept as UTF-8, before anything is made there. */
export async function refuseEncoding(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string; encoding: string }>(`select current_database() as name, current_setting('server_encoding') as encoding`);
  const [{ name, encoding } = { name: '', encoding: '' }] = rows;
  if (encoding === 'UTF8') return;
  throw new MigrationError(`The database ${name} is encoded in ${encoding}, which does not hold every letter: make one by "create database ${name} encoding 'UTF8' template template0" in its place.`);
}

const catalogs: Record<Part['of'], string> = {
  object: 'to_regclass(name) is not null or to_regtype(name) is not null',
  column: 'exists (select from pg_attribute where attrelid = to_regclass(owner) and attname = part and not attisdropped)',
  part: `exists (select from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = to_regclass(owner) and c.relname = part)
    or exists (select from pg_constraint where conrelid = to_regclass(owner) and conname = part)
    or exists (select from pg_trigger where tgrelid = to_regclass(owner) and tgname = part)`,
  // Another of its name may take other arguments.
  routine: 'false',
};

/** What pending migrations would make and what is there, tables first. One that stopped half way repeats its last step. */
async function objectsThere(client: Client, pending: readonly PendingMigration[]): Promise<string[]> {
  const made = partsMade(pending.filter(({ migration, started }) => migration.transactional || !started));
  const choice = Object.entries(catalogs).map(([of, isThere]) => `when '${of}' then ${isThere}`);
  const { rows } = await client.query<{ name: string }>(
    `select name from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality made (kind, name, owner, part, place)
     where case kind ${choice.join(' ')} end order by case kind when 'object' then to_regclass(name) is null end nulls last, place`,
    [made.map(({ of }) => of), made.map(({ name }) => name), made.map(({ owner }) => owner), made.map(({ part }) => part)],
  );
  return rows.map(({ name }) => name.replaceAll('"', '').replace(/^.*#/, ''));
}

/** Nothing that is taken away before it is made. */
function partsMade(pending: readonly PendingMigration[]): (Part & { owner: string | null; part: string | null })[] {
  const clauses = pending.flatMap(({ migration, done }) => migration.statements.slice(done)).flatMap((statement) => clausesOf(statement, null));
  const removed: Part[] = [];
  return clauses.flatMap(({ makes, removes, repeatable }) => {
    if (removes !== null) removed.push(removes);
    if (makes === null || repeatable || wentWith(makes, removed)) return [];
    const [, owner = null, part = null] = (makes.of === 'column' ? /^(.*)\.([^.]*)$/ : /^(.*)#(.*)$/).exec(makes.name) ?? [];
    return [{ ...makes, owner, part }];
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
