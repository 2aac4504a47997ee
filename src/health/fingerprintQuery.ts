import { escapeLiteral } from 'pg';
import { counterCtes, counterKey, type Numbered } from './sql/counters.ts';
import { shadowsCte } from './sql/shadows.ts';
import { nameIn, oneOf } from './sql/words.ts';

export interface FingerprintOptions {
  /** the main schema first */
  schemas: readonly string[];
  /** names of relations whose parts count; of others only their own row does. null: all */
  relations: readonly string[] | null;
  sequences: readonly string[] | null;
  numbered: readonly Numbered[];
}

/**
 * A cheap statement whose answer changes with whatever a check judges, the history's rows excepted. Its parts are oid and
 * xmin of the catalogs' rows, memberships, settings and what the counters of sequences come to: `own` of what is ours,
 * `others` of what is around it, and `circumstances`: exclusive locks, indexes that are being built, who may log in, what
 * a reload of the server's settings changes, whether it is a standby. It runs with the search_path of the role, so it also tells which names that path leads elsewhere.
 */
export function fingerprintQuery({ schemas, relations, sequences, numbered }: FingerprintOptions): string {
  const main = escapeLiteral(schemas[0] ?? 'public');
  const rows = (name: string, from: string, key: string) =>
    `select '${name}' as name, count(*) || ' ' || coalesce(sum(hashtextextended(concat_ws(' ', ${key}), 0)::numeric), 0) as sum from ${from}`;
  // an array, so that the planner goes by the index however many strangers there are
  const ofOurs = '= any (array(select oid from c))';
  const ofSchemas = 'in (select oid from n)';
  return `
with n as materialized (select oid, nspname from pg_namespace where nspname in (${schemas.map((name) => escapeLiteral(name)).join(', ')})),
a as materialized (
  select c.oid, c.xmin, c.relname, c.relkind, n.nspname, ${oneOf(nameIn(main, 'n.nspname', 'c.relname'), relations && [...relations, ...(sequences ?? [])])} as ours
  from pg_class c join n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'f') or c.relkind = 'S' and ${oneOf(nameIn(main, 'n.nspname', 'c.relname'), sequences)}
),
c as materialized (select * from a where ours),
i as materialized (select indexrelid as oid, xmin from pg_index where indrelid ${ofOurs}),
${counterCtes(numbered)},
${shadowsCte},
hidden as materialized (
  select 'relation' as class, oid, relname as name from c where nspname = ${main} and relkind <> 'S' and not pg_table_is_visible(oid)
  union all select 'type', oid, typname from pg_type where typnamespace = (select oid from n where nspname = ${main}) and typtype in ('e', 'd') and not pg_type_is_visible(oid)
  union all select 'function', oid, proname from pg_proc where pronamespace = (select oid from n where nspname = ${main}) and not pg_function_is_visible(oid)
  union all select class, oid, name from shadows
),
people as materialized (
  select r.oid from pg_roles r where exists (select from pg_roles w
    where (w.rolname = current_user or w.oid in (select relowner from pg_class where oid in (select oid from c)))
      and (w.oid = r.oid or not w.rolsuper and pg_has_role(w.oid, r.oid, 'MEMBER')))
),
parts as materialized (
  ${rows('class', 'c', 'oid, xmin')}
  union all ${rows('stranger', 'a where not ours', 'oid, xmin')}
  union all ${rows('attribute', `pg_attribute where attrelid ${ofOurs}`, 'attrelid, attnum, xmin')}
  union all ${rows('default', `pg_attrdef where adrelid ${ofOurs}`, 'oid, xmin')}
  union all ${rows('constraint', `pg_constraint where connamespace ${ofSchemas} and (conrelid = 0 or conrelid ${ofOurs})`, 'oid, xmin')}
  union all ${rows('index', 'i', 'oid, xmin')}
  union all ${rows('index class', 'pg_class where oid = any (array(select oid from i))', 'oid, xmin')}
  union all ${rows('inheritance', `pg_inherits where inhparent ${ofOurs} or inhrelid ${ofOurs}`, 'inhrelid, inhparent, xmin')}
  union all ${rows('trigger', `pg_trigger where tgrelid ${ofOurs}`, 'oid, xmin')}
  union all ${rows('rule', `pg_rewrite where ev_class ${ofOurs}`, 'oid, xmin')}
  union all ${rows('publication', 'pg_publication', 'oid, xmin')}
  union all ${rows('published table', 'pg_publication_rel', 'oid, xmin')}
  union all ${rows('published schema', 'pg_publication_namespace', 'oid, xmin')}
  union all ${rows('policy', `pg_policy where polrelid ${ofOurs}`, 'oid, xmin')}
  union all ${rows('sequence', `pg_sequence where seqrelid ${ofOurs}`, 'seqrelid, xmin')}
  union all ${rows('counter', 'counters', counterKey)}
  union all ${rows('type', `pg_type where typtype in ('e', 'd') and typnamespace ${ofSchemas}`, 'oid, xmin')}
  union all ${rows('enum', 'pg_enum', 'oid, xmin')}
  union all ${rows('routine', `pg_proc where pronamespace ${ofSchemas}`, 'oid, xmin')}
  union all ${rows('extension', 'pg_extension', 'oid, xmin')}
  union all ${rows('collation', `pg_collation where oid in (select attcollation from pg_attribute where attrelid ${ofOurs})`, 'oid, xmin')}
  union all ${rows('database', 'pg_database where datname = current_database()', 'oid, xmin')}
  union all ${rows('schema', 'pg_namespace', 'oid, xmin')}
  union all ${rows('history', `pg_class where relname = 'schema_migrations'`, 'oid, xmin')}
  union all ${rows('member', 'pg_auth_members where member in (select oid from people)', 'roleid, member, xmin')}
  union all ${rows('role', 'pg_roles where oid in (select oid from people)', 'oid, rolsuper, rolbypassrls, rolinherit, rolconfig')}
  union all ${rows('setting', 'pg_db_role_setting where setdatabase = (select oid from pg_database where datname = current_database())', 'setrole, setconfig')}
  union all ${rows('hidden', 'hidden', 'class, oid')}
  union all ${rows('login', 'pg_roles where rolname = session_user', 'oid, rolcanlogin, rolconnlimit, rolvaliduntil')}
  union all ${rows('lock', `pg_locks where mode = 'AccessExclusiveLock' and locktype = 'relation' and pid is distinct from pg_backend_pid() and (relation ${ofOurs} or relation in (select oid from i))`, 'relation, pid, granted')}
  union all ${rows('building', 'pg_stat_progress_create_index', 'pid, index_relid')}
  union all ${rows('session', `(values (current_setting('default_transaction_read_only'), current_setting('session_replication_role'))) s (read_only, role)`, 'read_only, role')}
  union all ${rows('recovery', 'pg_is_in_recovery() as standby', 'standby')}
)
select md5(string_agg(name || sum, ' ' order by name) filter (where not around and not passing)) as own,
  md5(string_agg(name || sum, ' ' order by name) filter (where around)) as others,
  md5(string_agg(sum, ' ' order by name) filter (where passing)) as circumstances,
  (select coalesce(json_agg(json_build_object('class', class, 'oid', oid::text, 'name', name) order by name), '[]') from hidden) as hidden,
  (select coalesce(json_object_agg(${nameIn(main, 'space', 'relation')} || '.' || name, json_build_object('last', last::text, 'called', called, 'top', top::text)), '{}') from counters) as counters
from (select *, name in ('lock', 'building', 'login', 'session', 'recovery') as passing, name in ('stranger', 'schema', 'history', 'member', 'role', 'setting', 'hidden') as around from parts) p`;
}

const snapshot = 'pg_current_snapshot()::text';
const keptSnapshot = 'outrider.snapshot';

/** Keeps, for the transaction, which changes can be seen by now. */
export const keepSnapshot = `select set_config('${keptSnapshot}', ${snapshot}, true)`;

/** `own` of the fingerprint after a reading, or null, at no cost, when no transaction has ended since `keepSnapshot`; `server_ms` since the query came in. */
export function fingerprintAfter(options: FingerprintOptions): string {
  const probe = escapeLiteral(`select own from (${fingerprintQuery(options)}) f`);
  return `select case when ${snapshot} <> current_setting('${keptSnapshot}') then
    (select own from xmltable('/row' passing query_to_xml(${probe}, false, true, '') columns own text)) end as own,
    extract(epoch from clock_timestamp() - statement_timestamp()) * 1000 as server_ms`;
}
