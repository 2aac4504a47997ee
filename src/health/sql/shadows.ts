const made = (catalog: string, oid: string) => `not exists (select from pg_depend e where e.classid = 'pg_catalog.${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`;

/**
 * The CTE `shadows`: functions, operators and types that the role's search_path finds before those of PostgreSQL that bear
 * the same name. There are none unless that path names pg_catalog behind another schema. An extension's do the same as what
 * they hide.
 */
export const shadowsCte = `before as materialized (
  select n.oid from pg_namespace n, (select current_schemas(true) as list) p where nspname = any (list[:array_position(list, 'pg_catalog') - 1]) and nspname !~ '^pg_temp'
), shadows as materialized (
  select 'builtin function' as class, o.oid, o.proname || '(' || pg_get_function_identity_arguments(b.oid) || ')' as name
  from pg_proc o join pg_proc b on b.proname = o.proname and b.proargtypes = o.proargtypes and b.pronamespace = 'pg_catalog'::regnamespace
  where o.pronamespace in (select oid from before) and ${made('pg_proc', 'o.oid')}
  union all select 'builtin operator', o.oid, o.oprname || '(' || concat_ws(',', nullif(o.oprleft, 0)::regtype, nullif(o.oprright, 0)::regtype) || ')'
  from pg_operator o join pg_operator b on b.oprname = o.oprname and b.oprleft = o.oprleft and b.oprright = o.oprright and b.oprnamespace = 'pg_catalog'::regnamespace
  where o.oprnamespace in (select oid from before) and ${made('pg_operator', 'o.oid')}
  union all select 'builtin type', o.oid, o.typname
  from pg_type o join pg_type b on b.typname = o.typname and b.typnamespace = 'pg_catalog'::regnamespace
  where o.typnamespace in (select oid from before) and o.typcategory <> 'A' and ${made('pg_type', 'o.oid')}
)`;
