import { escapeLiteral } from 'pg';
import { MIGRATION_LOCK, REPAIR_APPLICATION } from '../migrate/lock.ts';
import { otherTools } from '../migrate/otherTools.ts';
import { KEPT_SCHEMA } from '../migrate/refusals.ts';
import { accessJson, ownersJson, unusableJson } from './sql/access.ts';
import { identityJson } from './sql/identity.ts';
import { collationsJson, domainsJson, extensionsJson, offeredJson } from './sql/objects.ts';
import { sequenceCtes, sequencesJson } from './sql/sequences.ts';
import { heirsJson, holdersJson, publicationsJson } from './sql/strangers.ts';
import type { Writing } from './sql/words.ts';

export interface CatalogScope {
  /** the main schema first */
  schemas: readonly string[];
  /** relations and sequences to describe; other relations are only named. null: all */
  relations: readonly string[] | null;
  sequences: readonly string[] | null;
  /** name → version that we expect */
  extensions: Readonly<Record<string, string>>;
}

/**
 * The statement that reads the live catalog, one row with one JSON column.
 *
 * Raw catalog columns are readable while another session holds ACCESS EXCLUSIVE; functions that deparse wait for that
 * lock. So nothing of the relations in `locked` is deparsed.
 */
export function catalogQuery({ schemas, relations, sequences, extensions }: CatalogScope, definitions: boolean): string {
  const main = escapeLiteral(schemas[0] ?? 'public');
  const writing: Writing = { main, relations, sequences };
  const wanted = relations ? `r.name in (${relations.map((name) => escapeLiteral(name)).join(', ')})` : 'true';
  // The columns of strangers are only of interest where one may be ours under another name, or another tool's history.
  const histories = Object.keys(otherTools).map((name) => escapeLiteral(name)).join(', ');
  const definition = (call: string) => (definitions ? `, 'definition', ${call}` : '');
  return `
with spaces as materialized (
  select oid, nspname from pg_namespace where nspname in (${schemas.map((name) => escapeLiteral(name)).join(', ')})
), held as materialized (
  select relation as oid, pid, virtualtransaction, granted, mode = 'AccessExclusiveLock' as exclusive from pg_locks
  where locktype = 'relation' and pid is distinct from pg_backend_pid()
    and database = (select oid from pg_database where datname = current_database())
), locks as materialized (
  select * from held where exclusive
  -- whoever waits for the lock keeps us out too, and is kept out by those who hold a weaker one
  union all select * from held h where granted and not exclusive
    and exists (select from held q where q.oid = h.oid and q.exclusive and not q.granted and q.pid is distinct from h.pid)
), locked_tables as materialized (
  select oid from locks union select indrelid from pg_index where indexrelid in (select oid from locks)
), locked as materialized (
  -- to deparse a view, a rule or a policy takes a lock on every relation that it names
  select oid from locked_tables
  union select u.ev_class from pg_depend d join pg_rewrite u on u.oid = d.objid
    where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid in (select oid from locked_tables)
  union select p.polrelid from pg_depend d join pg_policy p on p.oid = d.objid
    where d.classid = 'pg_policy'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid in (select oid from locked_tables)
), r as materialized (
  select c.oid, c.relkind, c.relpersistence, c.relhasindex, c.relowner, c.reloptions, c.relispopulated, c.relrowsecurity, c.relforcerowsecurity, l.oid is not null as locked,
    greatest(c.reltuples, pg_stat_get_live_tuples(c.oid)) as rows, c.relpages,
    (select case when p.relnamespace = c.relnamespace and s.nspname = ${main} then '' else s.nspname || '.' end || p.relname
      from pg_inherits h join pg_class p on p.oid = h.inhparent where h.inhrelid = c.oid and c.relispartition) as parent,
    case when s.nspname = ${main} then '' else s.nspname || '.' end || c.relname as name
  from pg_class c join spaces s on s.oid = c.relnamespace left join locked l on l.oid = c.oid
  where c.relkind in ('r', 'p', 'v', 'm', 'f')
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
), w as materialized (
  -- the system's own columns are written once, when the table is made
  select r.*, n.list as attributes, (select xmin::text from pg_attribute where attrelid = r.oid and attnum = -1) as made from r left join (
    select attrelid, array_agg(attname::text order by attnum) as list from pg_attribute
    where attnum > 0 and attrelid = any (array(select oid from r where ${wanted})) group by attrelid) n on n.attrelid = r.oid
  where ${wanted}
), backed as materialized (
  select k.conindid, k.conname, k.conexclop from w join pg_constraint k on k.conrelid = w.oid where k.contype in ('p', 'u', 'x')
), opclasses as materialized (
  select oid, opcname from pg_opclass where not opcdefault and oid in (select unnest(i.indclass::oid[]) from w join pg_index i on i.indrelid = w.oid)
), building as materialized (
  select index_relid, relid from pg_stat_progress_create_index where datid = (select oid from pg_database where datname = current_database())
), ${sequenceCtes(writing)}, columns as (
  select a.attrelid, json_object_agg(a.attname, json_build_object(
    'position', a.attnum, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull,
    'default', case when a.atthasdef and not w.locked then pg_get_expr(d.adbin, d.adrelid) when a.atthasdef then '(not read)' end,
    'generated', a.attgenerated, 'identity', a.attidentity,
    'sequence', case when a.atthasdef or a.attidentity <> '' then (select n.name from feeds f join sequences n on n.oid = f.sequence where f.relation = a.attrelid and f.attnum = a.attnum limit 1) end,
    'collation', case when a.attcollation <> 0 and a.attcollation <> (select typcollation from pg_type where oid = a.atttypid) then (select collname from pg_collation where oid = a.attcollation) end
    ${relations ? `, 'changed', a.xmin::text <> w.made` : ''}
  )) as list
  from w join pg_attribute a on a.attrelid = w.oid and a.attrelid = any (array(select oid from w))
    left join pg_attrdef d on a.atthasdef and d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped group by a.attrelid
), constraints as (
  select k.conrelid, json_object_agg(k.conname, json_build_object(
    'type', k.contype, 'validated', k.convalidated, 'deferrable', k.condeferrable, 'deferred', k.condeferred,
    'columns', (select coalesce(json_agg(w.attributes[n.item] order by n.place), '[]') from unnest(k.conkey) with ordinality n (item, place)),
    'enforced', coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true)
      and not exists (select from pg_trigger t where t.tgconstraint = k.oid and t.tgenabled not in ('O', 'A')),
    'references', case when k.contype = 'f' then json_build_object(
      'table', (select case when s.nspname = ${main} then '' else s.nspname || '.' end || c.relname
        from pg_class c join pg_namespace s on s.oid = c.relnamespace where c.oid = k.confrelid),
      'columns', (select json_agg(a.attname order by n.place) from unnest(k.confkey) with ordinality n (item, place)
        join pg_attribute a on a.attrelid = k.confrelid and a.attnum = n.item),
      'onUpdate', k.confupdtype, 'onDelete', k.confdeltype, 'match', k.confmatchtype) end,
    'expression', case when k.contype = 'c' and not w.locked then pg_get_expr(k.conbin, k.conrelid) when k.contype = 'c' then '(not read)' end
    ${definition('pg_get_constraintdef(k.oid)')}
  )) as list
  from w join pg_constraint k on k.conrelid = w.oid
  where (k.contype in ('p', 'u', 'f', 'c', 'x') or k.contype = 'n' and not k.convalidated) and k.conparentid = 0 group by k.conrelid
), indexes as (
  select i.indrelid, json_object_agg(c.relname, json_build_object(
    'unique', i.indisunique, 'primary', i.indisprimary, 'immediate', i.indimmediate, 'valid', i.indisvalid and i.indisready,
    'building', exists (select from building where index_relid = c.oid or relid is null),
    'nullsNotDistinct', i.indnullsnotdistinct, 'method', m.amname,
    'constraint', b.conname,
    'excludes', case when b.conexclop is not null then (select json_agg(o.oprname order by n.place) from unnest(b.conexclop) with ordinality n (item, place)
      join pg_operator o on o.oid = n.item) end,
    'predicate', case when i.indpred is not null and not w.locked then pg_get_expr(i.indpred, i.indrelid) when i.indpred is not null then '(not read)' end,
    'keys', (select json_agg(json_build_object(
        'of', coalesce(w.attributes[n.item], case when w.locked then '(not read)' else pg_get_indexdef(c.oid, n.place::int, true) end),
        'opclass', (select opcname from opclasses where oid = i.indclass[n.place - 1]),
        'collation', (select collname from pg_collation where oid = i.indcollation[n.place - 1] and collname <> 'default'),
        'descending', i.indoption[n.place - 1] & 1 = 1, 'nullsFirst', i.indoption[n.place - 1] & 2 = 2
      ) order by n.place)
      from unnest(i.indkey::int2[]) with ordinality n (item, place) where n.place <= i.indnkeyatts),
    'included', case when i.indnatts > i.indnkeyatts then (select json_agg(w.attributes[n.item] order by w.attributes[n.item]) from unnest(i.indkey::int2[]) with ordinality n (item, place)
      where n.place > i.indnkeyatts) else '[]' end
    ${definition('pg_get_indexdef(c.oid)')}
  )) as list
  from w join pg_index i on i.indrelid = w.oid join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
    left join backed b on b.conindid = c.oid
  group by i.indrelid
), triggers as (
  select t.tgrelid, json_object_agg(t.tgname, json_build_object(
    'enabled', t.tgenabled, 'type', t.tgtype, 'deferrable', t.tgdeferrable, 'deferred', t.tginitdeferred,
    'function', (select case when s.nspname = ${main} then '' else s.nspname || '.' end || p.proname
      from pg_proc p join pg_namespace s on s.oid = p.pronamespace where p.oid = t.tgfoid),
    'columns', (select coalesce(json_agg(w.attributes[n] order by w.attributes[n]), '[]') from unnest(t.tgattr::int2[]) n),
    'arguments', encode(t.tgargs, 'escape'),
    'condition', case when t.tgqual is null then null when w.locked then '(not read)'
      else substring(pg_get_triggerdef(t.oid) from ' WHEN [(](.*)[)] EXECUTE ') end
    ${definition('pg_get_triggerdef(t.oid)')}
  )) as list
  from w join pg_trigger t on t.tgrelid = w.oid where not t.tgisinternal and t.tgparentid = 0 group by t.tgrelid
), rules as (
  select u.ev_class, json_object_agg(u.rulename, json_build_object('event', u.ev_type, 'instead', u.is_instead, 'enabled', u.ev_enabled,
    'action', case when not w.locked then replace(substring(pg_get_ruledef(u.oid) from '^CREATE RULE .*? AS\\s+ON (.*?);?$'), quote_ident(${main}) || '.', '') end)) as list
  from w join pg_rewrite u on u.ev_class = w.oid where u.rulename <> '_RETURN' group by u.ev_class
), policies as (
  select p.polrelid, json_object_agg(p.polname, json_build_object('command', p.polcmd, 'permissive', p.polpermissive,
    'roles', (select json_agg(case when o.role = 0 then 'public' else pg_get_userbyid(o.role) end order by 1) from unnest(p.polroles) o (role)),
    'using', case when p.polqual is not null then case when w.locked then '(not read)' else pg_get_expr(p.polqual, p.polrelid) end end,
    'check', case when p.polwithcheck is not null then case when w.locked then '(not read)' else pg_get_expr(p.polwithcheck, p.polrelid) end end)) as list
  from w join pg_policy p on p.polrelid = w.oid group by p.polrelid
), inherits as (
  select h.inhrelid, json_agg(p.name order by p.name) as list from pg_inherits h join r c on c.oid = h.inhrelid join r p on p.oid = h.inhparent where c.parent is null group by h.inhrelid
), named_routines as materialized (
  select p.*, case when s.nspname = ${main} then '' else s.nspname || '.' end || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as name
  from pg_proc p join spaces s on s.oid = p.pronamespace
  where not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
), routines as (
  select p.name, json_build_object(
      'returns', pg_get_function_result(p.oid), 'language', l.lanname, 'volatility', p.provolatile, 'strict', p.proisstrict,
      ${definitions ? '' : `'oid', p.oid::text,`}
      'securityDefiner', p.prosecdef, 'settings', coalesce(p.proconfig, '{}'),
      'body', case when p.prosqlbody is null then p.prosrc
        when exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.refobjid in (select oid from locked)) then null
        else pg_get_function_sqlbody(p.oid) end
      ${definition("case when p.prokind in ('f', 'p') then pg_get_functiondef(p.oid) end")}
    ) as routine
  from named_routines p join pg_language l on l.oid = p.prolang
)
select json_build_object(
  'triggersFire', current_setting('session_replication_role') <> 'replica',
  'standby', pg_is_in_recovery(),
  'writes', not current_setting('default_transaction_read_only')::boolean,
  'identity', ${identityJson},
  'encoding', current_setting('server_encoding'),
  'database', json_build_object('version', current_setting('server_version'), 'name', current_database(), 'schema', ${main}, 'user', current_user),
  'relations', (select coalesce(json_object_agg(r.name, json_build_object(
      'kind', r.relkind, 'persistence', r.relpersistence, 'parent', r.parent,
      ${relations ? `'rows', r.rows, 'pages', r.relpages, 'columnNames', case when a.list is null and ((select count(*) from w) < ${relations.length} or r.name in (${histories})) then (select json_agg(attname) from pg_attribute where attrelid = r.oid and attnum > 0 and not attisdropped) end, 'hasIndex', r.relhasindex,
        'keysOff', a.list is not null and exists (select from pg_trigger g where g.tgrelid = r.oid and g.tgisinternal and g.tgenabled not in ('O', 'A')),` : ''}
      'inherits', coalesce(h.list, '[]'),
      'partitionKey', case when r.relkind = 'p' and w.oid is not null then case when w.locked then '(not read)' else pg_get_partkeydef(r.oid) end end,
      'partitionBound', case when r.parent is not null and w.oid is not null then
        case when w.locked then '(not read)' else (select pg_get_expr(relpartbound, oid) from pg_class where oid = r.oid) end end,
      'view', case when r.relkind in ('v', 'm') and w.oid is not null then json_build_object('definition', case when w.locked then '(not read)' else pg_get_viewdef(r.oid) end,
        'options', coalesce(r.reloptions, '{}'), 'populated', r.relispopulated) end,
      'rowSecurity', r.relrowsecurity, 'forced', r.relforcerowsecurity, 'policies', coalesce(p.list, '{}'),
      'columns', coalesce(a.list, '{}'), 'constraints', coalesce(k.list, '{}'), 'indexes', coalesce(i.list, '{}'),
      'triggers', coalesce(t.list, '{}'), 'rules', coalesce(u.list, '{}'))), '{}')
    from r left join columns a on a.attrelid = r.oid left join constraints k on k.conrelid = r.oid left join indexes i on i.indrelid = r.oid
      left join triggers t on t.tgrelid = r.oid left join rules u on u.ev_class = r.oid
      left join policies p on p.polrelid = r.oid left join inherits h on h.inhrelid = r.oid left join w on w.oid = r.oid),
  'enums', (select coalesce(json_object_agg(e.name, e.labels), '{}') from (
    select case when s.nspname = ${main} then '' else s.nspname || '.' end || t.typname as name,
      (select array_agg(enumlabel order by enumsortorder) from pg_enum where enumtypid = t.oid) as labels
    from pg_type t join spaces s on s.oid = t.typnamespace where t.typtype = 'e') e),
  'relabelled', (select coalesce(json_object_agg(e.name, e.labels), '{}') from (
    select case when s.nspname = ${main} then '' else s.nspname || '.' end || t.typname as name, array_agg(l.enumlabel) as labels
    from pg_type t join spaces s on s.oid = t.typnamespace join pg_enum l on l.enumtypid = t.oid
    where l.xmin::text <> (select o.xmin::text from pg_enum o where o.enumtypid = t.oid order by age(o.xmin) desc limit 1) group by 1) e),
  'functions', (select coalesce(json_object_agg(name, routine), '{}') from routines),
  'migrating', exists (select from pg_locks l left join lateral (select * from pg_stat_get_activity(l.pid)) a on true where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and l.database = (select oid from pg_database where datname = current_database())
    and (l.classid::bigint << 32 | l.objid::bigint) = ${MIGRATION_LOCK} and a.application_name is distinct from '${REPAIR_APPLICATION}'),
  'locked', (select coalesce(json_agg(name order by name), '[]') from w where locked),
  'blockers', (select coalesce(json_agg(b), '[]') from (
    select nullif(l.pid, 0) as pid, x.gid as "preparedTransaction", coalesce(pg_get_userbyid(s.usesysid), x.owner) as "user",
      s.application_name as "applicationName", nullif(s.query, '<insufficient privilege>') as query,
      round((extract(epoch from statement_timestamp() - coalesce(s.xact_start, x.prepared)) * 1000)::numeric)::float8 as "heldForMs",
      array_agg(distinct w.name) as objects
    from locks l join w on w.oid = l.oid or w.oid = (select indrelid from pg_index where indexrelid = l.oid)
      left join lateral (select * from pg_stat_get_activity(l.pid)) s on l.pid is not null
      left join pg_prepared_xacts x on l.pid is null and exists (select from pg_locks t
        where t.locktype = 'transactionid' and t.pid is null and t.virtualtransaction = l.virtualtransaction and t.transactionid = x.transaction)
    group by 1, 2, 3, 4, 5, 6 order by 6 desc nulls last) b),
  'sequences', ${sequencesJson},
  'domains', ${domainsJson(writing)},
  'extensions', ${extensionsJson},
  ${definitions ? '' : `'offered', ${offeredJson(extensions)},
  'collations', ${collationsJson(writing)},
  'owners', ${ownersJson(writing)},
  'heirs', ${heirsJson},
  'holders', ${holdersJson(writing)},
  'publications', ${publicationsJson},
  'access', ${accessJson},
  'unusable', ${unusableJson},`}
  'closed', (select coalesce(json_agg(nspname), '[]') from spaces where not has_schema_privilege(oid, 'USAGE')),
  'histories', (select coalesce(json_object_agg(s.nspname, (select json_agg(attname) from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped)), '{}')
    from pg_class c join pg_namespace s on s.oid = c.relnamespace
    where c.relname = 'schema_migrations' and c.relkind in ('r', 'p') and s.nspname not in (${main}, '${KEPT_SCHEMA}')),
  'likeOurs', (select coalesce(json_object_agg(s.nspname || '.' || c.relname, json_build_object('hasIndex', c.relhasindex,
      'columns', (select json_agg(attname) from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped))), '{}')
    from pg_class c join pg_namespace s on s.oid = c.relnamespace
    where c.relkind in ('r', 'p') and s.nspname not in (select nspname from spaces) and s.nspname !~ '^(pg_|information_schema)' and s.nspname <> '${KEPT_SCHEMA}'
      ${relations ? `and c.relname in (${relations.map((name) => escapeLiteral(name.split('.').at(-1) ?? name)).join(', ')})` : 'and false'}),
  'elsewhere', (select coalesce(json_object_agg(relname, spaces), '{}') from (
    select c.relname, array_agg(s.nspname order by s.nspname) as spaces from pg_class c join pg_namespace s on s.oid = c.relnamespace
    where c.relkind in ('r', 'p') and s.nspname not in (select nspname from spaces) and s.nspname !~ '^(pg_|information_schema)' and s.nspname <> '${KEPT_SCHEMA}'
      ${relations ? `and c.relname in (${relations.map((name) => escapeLiteral(name.split('.').at(-1) ?? name)).join(', ')})` : 'and false'}
    group by 1) m)
)::text as catalog`;
}
