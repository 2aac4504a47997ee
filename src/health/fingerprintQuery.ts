import { escapeLiteral } from 'pg';

/**
 * A cheap statement whose answer changes with whatever a check judges, the history's rows excepted. `fingerprint`: oid
 * and xmin of the catalogs' rows, grants, memberships and settings. `circumstances`: exclusive locks, and indexes that
 * are being built. It runs with the search_path of the role, so it also tells which tables of the main schema that path
 * does not reach.
 */
export function fingerprintQuery(schemas: readonly string[]): string {
  const main = escapeLiteral(schemas[0] ?? 'public');
  const rows = (name: string, from: string, key: string) =>
    `select '${name} ' || count(*) || ' ' || coalesce(sum(hashtextextended(concat_ws(' ', ${key}), 0)::numeric), 0) from ${from}`;
  const ofTables = 'in (select oid from c)';
  return `
with n as materialized (select oid, nspname from pg_namespace where nspname in (${schemas.map((name) => escapeLiteral(name)).join(', ')})),
c as materialized (select oid, xmin, relname, relkind, relnamespace, pg_table_is_visible(oid) as visible from pg_class where relnamespace in (select oid from n)),
hidden as materialized (
  select relname from c where not visible and relkind in ('r', 'p', 'v', 'm') and relnamespace = (select oid from n where nspname = ${main})
),
all_parts (part) as (
  ${rows('class', 'c', 'oid, xmin, visible')}
  union all ${rows('attribute', `pg_attribute where attrelid ${ofTables}`, 'attrelid, attnum, xmin')}
  union all ${rows('default', `pg_attrdef where adrelid ${ofTables}`, 'oid, xmin')}
  union all ${rows('constraint', 'pg_constraint where connamespace in (select oid from n)', 'oid, xmin')}
  union all ${rows('index', `pg_index where indrelid ${ofTables}`, 'indexrelid, xmin')}
  union all ${rows('trigger', `pg_trigger where tgrelid ${ofTables}`, 'oid, xmin')}
  union all ${rows('rule', `pg_rewrite where ev_class ${ofTables}`, 'oid, xmin')}
  union all ${rows('policy', `pg_policy where polrelid ${ofTables}`, 'oid, xmin')}
  union all ${rows('enum', 'pg_enum', 'oid, xmin')}
  union all ${rows('routine', 'pg_proc where pronamespace in (select oid from n)', 'oid, xmin')}
  union all ${rows('schema', 'pg_namespace', 'oid, xmin')}
  union all ${rows('history', `pg_class where relname = 'schema_migrations'`, 'oid, xmin')}
  union all ${rows('member', 'pg_auth_members', 'roleid, member, xmin')}
  union all ${rows('role', 'pg_roles', 'oid, rolsuper, rolbypassrls, rolinherit, rolconfig')}
  union all ${rows('lock', `pg_locks where mode = 'AccessExclusiveLock' and locktype = 'relation' and pid is distinct from pg_backend_pid() and relation ${ofTables}`, 'relation, pid, granted')}
  union all ${rows('building', 'pg_stat_progress_create_index', 'pid, index_relid')}
), parts as (
  select part, part ~ '^(lock|building) ' as passing from all_parts
)
select md5(string_agg(part, E'\\n' order by part) filter (where not passing)) as fingerprint,
  md5(string_agg(part, E'\\n' order by part) filter (where passing)) as circumstances,
  (select coalesce(json_agg(relname order by relname), '[]') from hidden) as hidden from parts`;
}
