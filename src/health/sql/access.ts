import { nameIn, type Writing } from './words.ts';

const rights = `array['SELECT', 'INSERT', 'UPDATE', 'DELETE']`;

/** What the serving role may do with relations, effectively: by itself, by its groups and by PUBLIC. */
export const accessJson = `(select coalesce(json_object_agg(w.name, json_build_object(
    'lacks', (select coalesce(json_agg(p order by p), '[]') from unnest(${rights}) p where case when has_table_privilege(w.oid, p) then false
      when p = 'DELETE' then true else not has_any_column_privilege(w.oid, p) end),
    'columns', case when not has_table_privilege(w.oid, 'SELECT') or not has_table_privilege(w.oid, 'INSERT') or not has_table_privilege(w.oid, 'UPDATE') then
      (select coalesce(json_object_agg(attname, lacks), '{}') from (
        select a.attname, json_agg(p order by p) as lacks from pg_attribute a, unnest(array['SELECT', 'INSERT', 'UPDATE']) p
        where a.attrelid = w.oid and a.attnum > 0 and not a.attisdropped and not has_column_privilege(w.oid, a.attnum, p) and has_any_column_privilege(w.oid, p)
          and (p = 'SELECT' or a.attgenerated = '' and a.attidentity <> 'a')
        group by 1) l) else '{}' end,
    'rowSecurity', row_security_active(w.oid),
    'policies', (select coalesce(json_agg(polname order by polname), '[]') from pg_policy p where p.polrelid = w.oid
      and exists (select from unnest(p.polroles) r (role) where r.role = 0 or pg_has_role(r.role, 'USAGE')))
  )), '{}') from w)`;

/** Functions and sequences that the serving role may not use, and schemas that it may not enter. */
export const unusableJson = `json_build_object(
    'functions', (select coalesce(json_agg(name), '[]') from named_routines where not has_function_privilege(oid, 'EXECUTE')),
    'sequences', (select coalesce(json_agg(name), '[]') from sequences where not has_sequence_privilege(oid, 'USAGE') and not has_sequence_privilege(oid, 'UPDATE')))`;

/** Who owns what, by class, and which owners may act for which others. A superuser, who may all, acts for nobody here. */
export function ownersJson({ main }: Writing): string {
  return `(with owned as materialized (
    select 'tables' as class, name, relowner as owner from w
    union all select 'sequences', name, relowner from sequences
    union all select 'functions', name, proowner from named_routines
    union all select 'types', ${nameIn(main, 's.nspname', 't.typname')}, t.typowner from pg_type t join spaces s on s.oid = t.typnamespace where t.typtype in ('e', 'd')
    union all select 'schemas', s.nspname, case when n.nspowner = 'pg_database_owner'::regrole then (select datdba from pg_database where datname = current_database()) else n.nspowner end
      from spaces s join pg_namespace n on n.oid = s.oid
  ), owners as (select distinct owner from owned)
  select json_build_object(
    'objects', (select json_object_agg(class, names) from (select class, json_object_agg(name, pg_get_userbyid(owner)) as names from owned group by class) c),
    'actsFor', (select coalesce(json_object_agg(pg_get_userbyid(a.owner), others), '{}') from (
      select a.owner, json_agg(pg_get_userbyid(b.owner)) as others from owners a join pg_roles r on r.oid = a.owner, owners b
      where a.owner <> b.owner and not r.rolsuper and pg_has_role(a.owner, b.owner, 'USAGE') group by a.owner) a)))`;
}
