import { escapeLiteral } from 'pg';
import { isOwn, nameIn, type Writing } from './words.ts';

/** Domains with all that they demand of a value. A domain's check can wait for no lock. */
export function domainsJson({ main }: Writing): string {
  return `(select coalesce(json_object_agg(${nameIn(main, 's.nspname', 't.typname')}, json_build_object(
    'base', format_type(t.typbasetype, t.typtypmod), 'notNull', t.typnotnull, 'default', t.typdefault,
    'collation', (select collname from pg_collation k where k.oid = t.typcollation and t.typcollation <> b.typcollation),
    'checks', (select coalesce(json_agg(json_build_object('name', k.conname, 'expression', pg_get_expr(k.conbin, 0), 'validated', k.convalidated) order by k.conname), '[]')
      from pg_constraint k where k.contypid = t.oid and k.contype = 'c'))), '{}')
  from pg_type t join spaces s on s.oid = t.typnamespace join pg_type b on b.oid = t.typbasetype
  where t.typtype = 'd' and ${isOwn('pg_type', 't.oid')})`;
}

export const extensionsJson = `(select coalesce(json_object_agg(e.extname, json_build_object('schema', s.nspname, 'version', e.extversion)), '{}')
  from pg_extension e join pg_namespace s on s.oid = e.extnamespace)`;

/** The version of each extension that this server would install; it reads files, so only where a version differs. */
export function offeredJson(expected: Readonly<Record<string, string>>): string {
  const versions = Object.entries(expected).map(([name, version]) => `(${escapeLiteral(name)}, ${escapeLiteral(version)})`);
  if (versions.length === 0) return `'{}'::json`;
  return `case when exists (select from pg_extension where extname in (select name from (values ${versions.join(', ')}) v (name, version)) and (extname::text, extversion) not in (values ${versions.join(', ')}))
    then (select coalesce(json_object_agg(name, default_version), '{}') from pg_available_extensions()) else '{}'::json end`;
}

/** Collations that sort columns and indexes of ours, whose rules have changed since the indexes were built. */
export function collationsJson({ main }: Writing): string {
  return `(with used as materialized (
    select a.attcollation as oid, null::text as index from pg_attribute a where a.attrelid = any (array(select oid from w)) and a.attnum > 0 and not a.attisdropped and a.attcollation <> 0
    union select k.oid, ${nameIn(main, 's.nspname', 'c.relname')} from w join pg_index i on i.indrelid = w.oid join pg_class c on c.oid = i.indexrelid join pg_namespace s on s.oid = c.relnamespace,
      unnest(i.indcollation::oid[]) k (oid) where k.oid <> 0
  ), versions as (
    select oid, case when collnamespace = 'pg_catalog'::regnamespace then '' else collnamespace::regnamespace || '.' end || collname as name,
      collversion as recorded, pg_collation_actual_version(oid) as actual, false as "isDefault"
    from pg_collation where oid in (select oid from used) and collversion is not null
    union all select 100, datname, datcollversion, pg_database_collation_actual_version(oid), true
    from pg_database where datname = current_database() and datcollversion is not null and 100 in (select oid from used)
  )
  select coalesce(json_agg(json_build_object('name', v.name, 'isDefault', v."isDefault", 'recorded', v.recorded, 'actual', v.actual,
    'indexes', (select coalesce(json_agg(distinct u.index order by u.index), '[]') from used u where u.oid = v.oid and u.index is not null)) order by v.name), '[]')
  from versions v where v.recorded is distinct from v.actual)`;
}
