import { isOwn, nameIn, oneOf, type Writing } from './words.ts';

/**
 * `feeds`: which sequence gives a column its numbers, as its identity or by its default. `sequences`: those that do, and
 * those that stand by themselves. After the CTEs `spaces` and `w`.
 */
export function sequenceCtes({ main, sequences }: Writing): string {
  return `feeds as materialized (
  select d.refobjid as relation, d.refobjsubid as attnum, d.objid as sequence
  from pg_depend d
    join pg_class c on c.oid = d.objid and c.relkind = 'S'
  where d.refclassid = 'pg_class'::regclass and d.refobjid = any (array(select oid from w)) and d.refobjsubid > 0
    and d.classid = 'pg_class'::regclass and d.deptype = 'i'
  union
  select f.adrelid, f.adnum, d.refobjid
  from pg_attrdef f join pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = f.oid and d.refclassid = 'pg_class'::regclass
    join pg_class c on c.oid = d.refobjid and c.relkind = 'S'
  where f.adrelid = any (array(select oid from w))
), sequences as materialized (
  select c.oid, c.relowner, c.relpersistence, ${nameIn(main, 's.nspname', 'c.relname')} as name
  from pg_class c join pg_namespace s on s.oid = c.relnamespace
  where c.relkind = 'S' and (c.relnamespace in (select oid from spaces) and ${oneOf(nameIn(main, 's.nspname', 'c.relname'), sequences)} or c.oid = any (array(select sequence from feeds))) and ${isOwn('pg_class', 'c.oid')}
)`;
}

/** Every property that decides which numbers come; sizes as texts, for JSON's numbers are too short for them. */
export const sequencesJson = `(select coalesce(json_object_agg(n.name, json_build_object(
    'type', format_type(q.seqtypid, null), 'increment', q.seqincrement::text, 'minimum', q.seqmin::text, 'maximum', q.seqmax::text,
    'start', q.seqstart::text, 'cycle', q.seqcycle, 'persistence', n.relpersistence,
    'identity', exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = n.oid and d.deptype = 'i'))), '{}')
  from sequences n join pg_sequence q on q.seqrelid = n.oid)`;
