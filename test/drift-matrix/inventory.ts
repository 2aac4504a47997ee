import type pg from 'pg';

/** What a database holds that changes can be made to, read from the catalogs independently of schema health. */
export interface Inventory {
  /** the main schema first */
  schemas: string[];
  tables: Table[];
  enums: Enum[];
  functions: Routine[];
  sequences: Sequence[];
  domains: Domain[];
  extensions: string[];
  /** names of the applied migrations, in order */
  migrations: string[];
  /** every default, check, predicate and view, to look for mentions in */
  expressions: string;
  version: number;
}

export interface Named {
  /** as findings spell it: "jobs", "pgboss.job" */
  id: string;
  /** quoted and qualified, for statements */
  sql: string;
  name: string;
  schema: string;
}

export interface Table extends Named {
  /** r table, p partitioned table, v view, m materialized view */
  kind: string;
  isPartition: boolean;
  hasPartitions: boolean;
  /** p permanent, u unlogged */
  persistence: string;
  /** the columns that each foreign key refers to */
  referencedBy: string[][];
  rowSecurity: boolean;
  columns: Column[];
  constraints: Constraint[];
  indexes: Index[];
  triggers: Trigger[];
  rules: Rule[];
  policies: { name: string; definition: string; command: string; using: string | null }[];
  /** of a view */
  definition: string | null;
  /** "security_barrier=true" */
  options: string[];
}

export interface Column {
  name: string;
  type: string;
  /** pg_type.typcategory of the type, and "E" of enums */
  category: string;
  notNull: boolean;
  default: string | null;
  generated: string;
  identity: string;
  collation: string | null;
  inPrimaryKey: boolean;
  /** an index, a constraint, a generated column, a view or a trigger needs it */
  used: boolean;
}

export interface Constraint {
  name: string;
  /** p, u, f, c, x */
  type: string;
  definition: string;
  columns: string[];
  /** of a foreign key */
  target: string | null;
  targetColumns: string[];
  onDelete: string;
  onUpdate: string;
  deferrable: boolean;
  /** of a check */
  expression: string | null;
  /** belongs to a partition's parent */
  inherited: boolean;
}

export interface Index {
  name: string;
  sql: string;
  definition: string;
  unique: boolean;
  method: string;
  keys: string[];
  /** columns' names, where a key is a plain column */
  columns: (string | null)[];
  categories: (string | null)[];
  included: string[];
  predicate: string | null;
  nullsNotDistinct: boolean;
  /** belongs to a constraint */
  owned: boolean;
  inherited: boolean;
}

export interface Trigger {
  name: string;
  definition: string;
  enabled: string;
  inherited: boolean;
  isConstraint: boolean;
}

export interface Rule {
  name: string;
  definition: string;
}

export interface Enum extends Named {
  labels: string[];
}

export interface Routine extends Named {
  /** "name(argument types)" for statements */
  signature: string;
  /** without the function's name */
  arguments: string;
  definition: string;
  language: string;
  volatility: string;
  strict: boolean;
  securityDefiner: boolean;
  returns: string;
  body: string;
}

export interface Sequence extends Named {
  table: string | null;
  column: string | null;
  /** a automatic (serial), i internal (identity), null */
  owned: string | null;
  max: string;
  type: string;
}

export interface Domain extends Named {
  base: string;
  notNull: boolean;
  constraints: string[];
}

/** An identifier as statements spell it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export async function takeInventory(client: pg.ClientBase, schemas: readonly string[]): Promise<Inventory> {
  const { rows } = await client.query<{ inventory: Inventory }>(inventoryQuery, [schemas]);
  const inventory = rows[0]?.inventory;
  if (!inventory) throw new Error('The catalogs answered nothing.');
  return inventory;
}

const name = (alias: string, column: string) => `
  'name', ${alias}.${column}, 'schema', s.nspname, 'sql', quote_ident(s.nspname) || '.' || quote_ident(${alias}.${column}),
  'id', case when s.nspname = $1[1] then '' else s.nspname || '.' end || ${alias}.${column}`;
const notOfExtension = (catalog: string, oid: string) => `not exists (select from pg_depend e where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`;
const list = (item: string, from: string, order: string) => `(select coalesce(json_agg(${item} order by ${order}), '[]') from ${from})`;

const columns = list(
  `json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'category', t.typcategory, 'notNull', a.attnotnull,
    'default', pg_get_expr(d.adbin, d.adrelid), 'generated', a.attgenerated, 'identity', a.attidentity,
    'collation', case when a.attcollation <> t.typcollation then (select collname from pg_collation where oid = a.attcollation) end,
    'inPrimaryKey', exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey)),
    'used', exists (select from pg_depend u join pg_attribute p on p.attrelid = u.refobjid and p.attnum = u.refobjsubid
      where u.refclassid = 'pg_class'::regclass and p.attname = a.attname
      and (p.attrelid = c.oid or p.attrelid in (select inhrelid from pg_inherits where inhparent = c.oid))
      and not (u.classid = 'pg_attrdef'::regclass and u.objid in (select o.oid from pg_attrdef o where o.adrelid = p.attrelid and o.adnum = p.attnum))))`,
  `pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped`,
  'a.attnum',
);
const names = (relation: string, numbers: string) =>
  `(select coalesce(json_agg(a.attname order by n.place), '[]') from unnest(${numbers}) with ordinality n (item, place) join pg_attribute a on a.attrelid = ${relation} and a.attnum = n.item)`;
const constraints = list(
  `json_build_object('name', k.conname, 'type', k.contype, 'definition', pg_get_constraintdef(k.oid), 'columns', ${names('k.conrelid', 'k.conkey')},
    'target', case when k.confrelid <> 0 then k.confrelid::regclass::text end, 'targetColumns', ${names('k.confrelid', 'k.confkey')},
    'onDelete', k.confdeltype, 'onUpdate', k.confupdtype, 'deferrable', k.condeferrable, 'expression', pg_get_expr(k.conbin, k.conrelid),
    'inherited', k.conparentid <> 0 or k.coninhcount > 0)`,
  `pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'f', 'c', 'x')`,
  'k.conname',
);
const indexes = list(
  `json_build_object('name', x.relname, 'sql', i.indexrelid::regclass::text, 'definition', replace(pg_get_indexdef(x.oid), ' ON ONLY ', ' ON '), 'unique', i.indisunique, 'method', m.amname,
    'keys', (select json_agg(concat_ws(' ', pg_get_indexdef(x.oid, p, false),
        (select 'collate ' || quote_ident(o.collname) from pg_collation o where o.oid = i.indcollation[p - 1] and o.collname <> 'default'),
        (select quote_ident(y.nspname) || '.' || o.opcname from pg_opclass o join pg_namespace y on y.oid = o.opcnamespace where o.oid = i.indclass[p - 1] and not o.opcdefault),
        case when i.indoption[p - 1] & 1 = 1 then 'desc' end, case when i.indoption[p - 1] in (1, 2) then 'nulls ' || case when i.indoption[p - 1] = 2 then 'first' else 'last' end end
      ) order by p) from generate_series(1, i.indnkeyatts) p),
    'columns', (select json_agg(a.attname order by n.place) from unnest(i.indkey::int2[]) with ordinality n (item, place)
      left join pg_attribute a on a.attrelid = c.oid and a.attnum = n.item and n.item <> 0 where n.place <= i.indnkeyatts),
    'categories', (select json_agg(t.typcategory order by n.place) from unnest(i.indkey::int2[]) with ordinality n (item, place)
      left join pg_attribute a on a.attrelid = c.oid and a.attnum = n.item and n.item <> 0 left join pg_type t on t.oid = a.atttypid where n.place <= i.indnkeyatts),
    'included', (select coalesce(json_agg(a.attname order by n.place), '[]') from unnest(i.indkey::int2[]) with ordinality n (item, place)
      join pg_attribute a on a.attrelid = c.oid and a.attnum = n.item where n.place > i.indnkeyatts),
    'predicate', pg_get_expr(i.indpred, c.oid), 'nullsNotDistinct', i.indnullsnotdistinct,
    'owned', exists (select from pg_constraint k where k.conindid = x.oid and k.contype in ('p', 'u', 'x')), 'inherited', x.relispartition)`,
  'pg_index i join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam where i.indrelid = c.oid',
  'x.relname',
);
const triggers = list(
  `json_build_object('name', g.tgname, 'definition', pg_get_triggerdef(g.oid), 'enabled', g.tgenabled, 'inherited', g.tgparentid <> 0, 'isConstraint', g.tgconstraint <> 0)`,
  'pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal',
  'g.tgname',
);
const rules = list(`json_build_object('name', u.rulename, 'definition', pg_get_ruledef(u.oid))`, `pg_rewrite u where u.ev_class = c.oid and u.rulename <> '_RETURN'`, 'u.rulename');
const policies = list(
  `json_build_object('name', p.polname, 'command', p.polcmd, 'using', pg_get_expr(p.polqual, p.polrelid),
    'definition', format('create policy %I on %s as %s for %s to public using (%s)%s', p.polname, c.oid::regclass,
      case when p.polpermissive then 'permissive' else 'restrictive' end,
      case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
      pg_get_expr(p.polqual, p.polrelid), ' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'))`,
  'pg_policy p where p.polrelid = c.oid',
  'p.polname',
);

const inventoryQuery = `select json_build_object(
  'schemas', $1::text[],
  'version', current_setting('server_version_num')::int / 10000,
  'migrations', ${list('m.name', 'schema_migrations m', 'm.name')},
  'extensions', ${list('x.extname', `pg_extension x where x.extname <> 'plpgsql'`, 'x.extname')},
  'expressions', (select string_agg(part, E'\\n') from (
    select pg_get_expr(adbin, adrelid) as part from pg_attrdef union all select pg_get_constraintdef(oid) from pg_constraint where contype = 'c'
    union all select pg_get_indexdef(indexrelid) from pg_index where indpred is not null or indexprs is not null
    union all select pg_get_triggerdef(oid) from pg_trigger where tgqual is not null
    union all select pg_get_viewdef(v.oid) from pg_class v where v.relkind in ('v', 'm') and v.relnamespace::regnamespace::text = any ($1)
    union all select pg_get_expr(polqual, polrelid) from pg_policy
    union all select pg_get_function_sqlbody(oid) from pg_proc where prosqlbody is not null and pronamespace::regnamespace::text = any ($1)) e),
  'tables', ${list(
    `json_build_object(${name('c', 'relname')}, 'kind', c.relkind, 'persistence', c.relpersistence, 'isPartition', c.relispartition,
      'hasPartitions', exists (select from pg_inherits h where h.inhparent = c.oid),
      'referencedBy', ${list(names('k.confrelid', 'k.confkey'), 'pg_constraint k where k.confrelid = c.oid', 'k.oid')}, 'rowSecurity', c.relrowsecurity,
      'columns', ${columns}, 'constraints', ${constraints}, 'indexes', ${indexes}, 'triggers', ${triggers}, 'rules', ${rules}, 'policies', ${policies},
      'definition', case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end, 'options', coalesce(c.reloptions, '{}'))`,
    `pg_class c join pg_namespace s on s.oid = c.relnamespace where s.nspname = any ($1) and c.relkind in ('r', 'p', 'v', 'm') and ${notOfExtension('pg_class', 'c.oid')}`,
    's.nspname, c.relname',
  )},
  'enums', ${list(
    `json_build_object(${name('t', 'typname')}, 'labels', (select array_agg(enumlabel order by enumsortorder) from pg_enum where enumtypid = t.oid))`,
    `pg_type t join pg_namespace s on s.oid = t.typnamespace where s.nspname = any ($1) and t.typtype = 'e' and ${notOfExtension('pg_type', 't.oid')}`,
    's.nspname, t.typname',
  )},
  'domains', ${list(
    `json_build_object(${name('t', 'typname')}, 'base', format_type(t.typbasetype, t.typtypmod), 'notNull', t.typnotnull,
      'constraints', ${list('k.conname', `pg_constraint k where k.contypid = t.oid and k.contype = 'c'`, 'k.conname')})`,
    `pg_type t join pg_namespace s on s.oid = t.typnamespace where s.nspname = any ($1) and t.typtype = 'd' and ${notOfExtension('pg_type', 't.oid')}`,
    's.nspname, t.typname',
  )},
  'functions', ${list(
    `json_build_object(${name('f', 'proname')}, 'signature', f.oid::regprocedure::text, 'arguments', pg_get_function_identity_arguments(f.oid), 'definition', pg_get_functiondef(f.oid), 'language', l.lanname, 'volatility', f.provolatile,
      'strict', f.proisstrict, 'securityDefiner', f.prosecdef, 'returns', pg_get_function_result(f.oid), 'body', coalesce(pg_get_function_sqlbody(f.oid), f.prosrc))`,
    `pg_proc f join pg_namespace s on s.oid = f.pronamespace join pg_language l on l.oid = f.prolang
     where s.nspname = any ($1) and f.prokind = 'f' and ${notOfExtension('pg_proc', 'f.oid')}`,
    's.nspname, f.proname',
  )},
  'sequences', ${list(
    `json_build_object(${name('c', 'relname')}, 'max', q.seqmax::text, 'type', format_type(q.seqtypid, null), 'owned', o.deptype, 'table', o.refobjid::regclass::text,
      'column', (select attname from pg_attribute where attrelid = o.refobjid and attnum = o.refobjsubid))`,
    `pg_class c join pg_namespace s on s.oid = c.relnamespace join pg_sequence q on q.seqrelid = c.oid
     left join pg_depend o on o.classid = 'pg_class'::regclass and o.objid = c.oid and o.refclassid = 'pg_class'::regclass and o.refobjsubid > 0 and o.deptype in ('a', 'i')
     where s.nspname = any ($1) and ${notOfExtension('pg_class', 'c.oid')}`,
    's.nspname, c.relname',
  )}) as inventory`;
