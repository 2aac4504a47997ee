import { nameIn, type Writing } from './words.ts';

/** Tables of other schemas whose rows show in reads of ours → which of ours. After the CTEs `r` and `w`. */
export const heirsJson = `(select coalesce(json_object_agg(name, parents), '{}') from (
  select s.nspname || '.' || c.relname as name, json_agg(w.name order by w.name) as parents
  from w join pg_inherits h on h.inhparent = w.oid join pg_class c on c.oid = h.inhrelid join pg_namespace s on s.oid = c.relnamespace
  where not c.relispartition and c.oid not in (select oid from r) group by 1) h)`;

/** Foreign keys of other tables that refuse to let a row of ours go. They are told by their triggers on ours, for which there is an index. */
export function holdersJson({ main }: Writing): string {
  return `(select coalesce(json_agg(distinct jsonb_build_object('table', w.name, 'by', ${nameIn(main, 's.nspname', 'c.relname')}, 'constraint', k.conname)), '[]')
  from w join pg_trigger t on t.tgrelid = w.oid join pg_constraint k on k.oid = t.tgconstraint and k.confrelid = w.oid
    join pg_class c on c.oid = k.conrelid join pg_namespace s on s.oid = c.relnamespace
  where t.tgisinternal and t.tgenabled in ('O', 'A') and t.tgtype & 8 <> 0 and k.contype = 'f' and k.confdeltype in ('a', 'r')
    and not c.relispartition and c.oid not in (select oid from w))`;
}

/**
 * Publications for which PostgreSQL refuses to update or delete rows of a table: the columns by which a subscriber knows a
 * row again (all of them, those of an index, or none) have to be there, and hold what the publication names.
 */
export const publicationsJson = `(with identified as materialized (
    select w.oid, w.name, c.relnamespace, c.relreplident as identity, (select i.indkey::int2[] from pg_index i where i.indrelid = w.oid and i.indisvalid
      and case c.relreplident when 'd' then i.indisprimary and i.indimmediate when 'i' then i.indisreplident end) as keys
    from w join pg_class c on c.oid = w.oid where w.relkind = 'r' and w.relpersistence = 'p' and exists (select from pg_publication)
  ), published as (
    select t.*, p.pubname, p.pubupdate, p.pubdelete, m.prattrs::int2[] as list, (select array_agg(v[1]::int2) from regexp_matches(m.prqual::text, ':varattno (\\d+)', 'g') v) as asked
    from pg_publication p cross join identified t left join pg_publication_rel m on m.prpubid = p.oid and m.prrelid = t.oid
    where (p.pubupdate or p.pubdelete) and (p.puballtables or m.oid is not null
      or exists (select from pg_publication_namespace n where n.pnpubid = p.oid and n.pnnspid = t.relnamespace)
      or exists (select from pg_inherits h join pg_publication_rel a on a.prrelid = h.inhparent where h.inhrelid = t.oid and a.prpubid = p.oid))
  ), judged as (
    select *, case when identity <> 'f' and keys is null then 'identity' when list is not null and (identity = 'f' or not keys <@ list) then 'columns'
      when identity <> 'f' and not asked <@ keys then 'condition' end as lacks from published
  )
  select coalesce(json_agg(json_build_object('table', name, 'publication', pubname, 'updates', pubupdate, 'deletes', pubdelete, 'lacks', lacks, 'identity', identity) order by name, pubname), '[]')
  from judged where lacks is not null)`;
