import { escapeLiteral } from 'pg';

/** A column that takes its numbers from a sequence. */
export interface Numbered {
  schema: string;
  relation: string;
  column: string;
}

const conflicting = `('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`;

/**
 * How far the sequences of columns have counted, and the greatest number in each column (the least, where it counts
 * down): the CTEs `numbered` and `counters`. A sequence's value stands in no catalog. What is behind a lock, or not ours
 * to read, is null, and so is the number of a column without an index that tells it at once.
 */
export function counterCtes(columns: readonly Numbered[]): string {
  const places = columns.map((place) => `(${[place.schema, place.relation, place.column].map((name) => escapeLiteral(name)).join(', ')})`);
  return `held as materialized (
  select relation, mode from pg_locks where locktype = 'relation' and mode in ${conflicting} and pid is distinct from pg_backend_pid()
    -- a copy of this database has relations of the same oids
    and database = (select oid from pg_database where datname = current_database())
), numbered as materialized (
  select v.*, a.attrelid, a.attnum, case a.atttypid when 'smallint'::regtype then 32767 when 'integer'::regtype then 2147483647 when 'bigint'::regtype then 9223372036854775807 end::numeric as size, coalesce(
    (select d.objid from pg_depend d join pg_sequence q on q.seqrelid = d.objid
      where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = a.attrelid and d.refobjsubid = a.attnum and d.deptype = 'i'),
    (select d.refobjid from pg_attrdef f join pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = f.oid and d.refclassid = 'pg_class'::regclass
      join pg_sequence q on q.seqrelid = d.refobjid where f.adrelid = a.attrelid and f.adnum = a.attnum limit 1)) as sequence
  from (${places.length > 0 ? `values ${places.join(', ')}` : 'select null, null, null'}) v (space, relation, name)
    join pg_namespace s on s.nspname = v.space join pg_class c on c.relnamespace = s.oid and c.relname = v.relation
    join pg_attribute a on a.attrelid = c.oid and a.attname = v.name and not a.attisdropped
), reachable as materialized (
  select n.*, q.seqincrement::numeric as step, greatest(q.seqmin, -n.size - 1) as least, least(q.seqmax, n.size) as most, s.nspname as sequence_space, c.relname as sequence_name,
    not exists (select from held h where h.relation = n.sequence and h.mode = 'AccessExclusiveLock')
      and has_schema_privilege(s.oid, 'USAGE') and not (c.relpersistence = 'u' and pg_is_in_recovery()) as open,
    not exists (select from held h where h.relation = n.attrelid and h.mode = 'AccessExclusiveLock')
      and has_column_privilege(n.attrelid, n.attnum, 'SELECT') and not row_security_active(n.attrelid)
      and n.size is not null and has_schema_privilege(n.space, 'USAGE')
      and exists (select from pg_index i join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam
        where i.indrelid = n.attrelid and i.indkey[0] = n.attnum and i.indisvalid and i.indpred is null and m.amname = 'btree') as countable
  from numbered n join pg_sequence q on q.seqrelid = n.sequence join pg_class c on c.oid = q.seqrelid join pg_namespace s on s.oid = c.relnamespace
), counted as materialized (
  -- query_to_xml asks only where the answer is allowed and comes at once
  select r.*, case when not open then null
      when has_sequence_privilege(sequence, 'SELECT')
        then query_to_xml(format('select last_value as v, is_called as c from %I.%I', sequence_space, sequence_name), false, true, '')::text
      when has_sequence_privilege(sequence, 'USAGE') and not exists (select from held h where h.relation = r.sequence)
        then '<v>' || pg_sequence_last_value(sequence) || '</v><c>true</c>' end as state,
    case when countable then query_to_xml(format('select %s(%I) as v from %I.%I', case when step > 0 then 'max' else 'min' end, name, space, relation), false, true, '')::text end as top
  from reachable r
), counters as materialized (
  select space, relation, name, sequence, step, least, most,
    substring(state from '<v>(-?\\d+)</v>')::numeric as last, state ~ '<c>true</c>' as called, substring(top from '<v>(-?\\d+)</v>')::numeric as top
  from counted
)`;
}

/** What of the counters a verdict depends on; not how far they are, or every insert would be news. */
export const counterKey = `sequence, coalesce(case when step > 0 then top >= case when called then last + step else last end else top <= case when called then last + step else last end end, false),
  coalesce(called and (last + step > most or last + step < least), false), coalesce(case when step > 0 then (last - least) * 5 >= (most - least) * 4 else (most - last) * 5 >= (most - least) * 4 end, false)`;
