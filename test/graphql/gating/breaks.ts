import { expectedCatalog } from '../../../src/health/expectedCatalog.ts';

/** One object of the schema broken, and how it is mended. */
export interface Break {
  class: string;
  object: string;
  sql: readonly string[];
  undo: readonly string[];
  /** no error says so: what is answered is compared with what was answered before */
  quiet?: true;
  /** sessions that have met it go on failing when it is mended: those that acted by a foreign key against a rule */
  confuses?: boolean;
}

const { relations, enums, functions, schemas } = expectedCatalog;
const tables = Object.keys(relations).filter((table) => table !== 'schema_migrations');

const quoted = (name: string) => name.split('.').map((part) => `"${part}"`).join('.');
const lastOf = (name: string) => name.slice(name.lastIndexOf('.') + 1);
/** a function as ALTER takes it */
const signature = (name: string) => name.replace(/\((.*)\)/, (_, list: string) => `(${list.split(', ').map((part) => part.replace(/^\w+ /, '')).join(', ')})`);

/** The words of a statement that reaches an object: by its table, a foreign key or a trigger. null: any statement may. */
export function wordsFor(object: string): RegExp | null {
  if (object.startsWith('pgboss')) return /pgboss/;
  const table = object.replace(/[.#=(].*/, '');
  if (!relations[table]) return null;
  const parents = Object.values(relations[table].constraints).flatMap(({ references }) => (references ? [`delete from "?${references.table}`] : []));
  const triggered = Object.keys(relations).filter((other) => Object.values(relations[other]!.triggers).some(({ function: name }) => new RegExp(`\\b${table}\\b`).test(functions[`${name}()`]?.body ?? '')));
  return new RegExp([table, ...triggered].map((name) => `\\b${name}\\b`).concat(parents).join('|'), 'i');
}

/** Every object of the expected catalog, broken by itself in the ways that apply to it. `role` is the one that serves. */
export function everyBreak(role: string): Break[] {
  return [...ofTables(role), ...ofColumns(), ...ofKeys(), ...ofTypes(), ...ofFunctions(), ...ofRights(role)];
}

function ofTables(role: string): Break[] {
  return tables.flatMap((table): Break[] => {
    const name = quoted(table);
    const isPartition = relations[table]!.parent !== null;
    const rename: Break = {
      class: 'table', object: table,
      sql: [`alter table ${name} rename to gone_away`],
      undo: [`alter table ${quoted(table.replace(/[^.]+$/, 'gone_away'))} rename to "${lastOf(table)}"`],
    };
    if (table.startsWith('pgboss.')) return [rename];
    return [
      rename,
      {
        class: 'row security', object: table, quiet: true,
        sql: [`alter table ${name} enable row level security`], undo: [`alter table ${name} disable row level security`],
      },
      ...['insert', 'update', 'delete'].map((event): Break => ({
        class: `rule on ${event}`, object: table, confuses: isMovedByOthers(table),
        sql: [`create rule swallow as on ${event} to ${name} do instead nothing`], undo: [`drop rule swallow on ${name}`],
      })),
      ...['insert', 'update', 'delete'].map((event): Break => ({
        class: `trigger before ${event}`, object: table,
        sql: [
          `create function swallow() returns trigger language plpgsql as 'begin return null; end'`,
          `create trigger swallow before ${event} on ${name} for each row execute function swallow()`,
        ],
        undo: [`drop function swallow() cascade`],
      })),
      ...(isPartition ? [] : [{
        class: 'extra not null', object: table,
        sql: [`alter table ${name} add column extra int not null default 0`, `alter table ${name} alter column extra drop default`],
        undo: [`alter table ${name} drop column extra`],
      }]),
      ...['SELECT', 'INSERT', 'UPDATE', 'DELETE'].map((right): Break => ({
        class: `revoke ${right.toLowerCase()}`, object: table,
        sql: [`revoke ${right} on ${name} from ${role}`], undo: [`grant ${right} on ${name} to ${role}`],
      })),
    ];
  });
}

/** Whether rows are deleted or changed when those go that they refer to. */
function isMovedByOthers(table: string): boolean {
  return Object.values(relations[table]!.constraints).some(({ references }) => references?.onDelete === 'c' || references?.onDelete === 'n');
}

function ofColumns(): Break[] {
  return tables.flatMap((table) => {
    const { columns, parent } = relations[table]!;
    if (parent !== null) return [];
    return Object.entries(columns).flatMap(([column, { notNull, default: value, generated }]): Break[] => [
      {
        class: 'column', object: `${table}.${column}`,
        sql: [`alter table ${quoted(table)} rename column "${column}" to gone_away`],
        undo: [`alter table ${quoted(table)} rename column gone_away to "${column}"`],
      },
      ...(notNull && value !== null && generated === '' ? [{
        class: 'default', object: `${table}.${column}`,
        sql: [`alter table ${quoted(table)} alter column "${column}" drop default`],
        undo: [`alter table ${quoted(table)} alter column "${column}" set default ${value}`],
      }] : []),
    ]);
  });
}

/** Primary and unique keys, with the foreign keys that fall with them. */
function ofKeys(): Break[] {
  return tables.filter((table) => !table.startsWith('pgboss.')).flatMap((table) =>
    Object.entries(relations[table]!.indexes).filter(([, { unique }]) => unique).map(([index, { constraint, definition }]): Break => {
      if (constraint === null) return { class: 'key', object: `${table}#${index}`, sql: [`drop index "${index}"`], undo: [String(definition)] };
      const own = relations[table]!.constraints[constraint]?.definition;
      return {
        class: 'key', object: `${table}#${constraint}`,
        sql: [`alter table ${quoted(table)} drop constraint "${constraint}" cascade`],
        undo: [
          `alter table ${quoted(table)} add constraint "${constraint}" ${own ?? definition!.replace(/^.*USING btree/, relations[table]!.indexes[index]!.primary ? 'primary key' : 'unique')}`,
          ...(relations[table]!.indexes[index]!.primary ? foreignKeysTo(table) : []),
        ],
      };
    }));
}

function foreignKeysTo(target: string): string[] {
  return Object.entries(relations).flatMap(([table, { constraints }]) =>
    Object.entries(constraints)
      .filter(([, { type, references }]) => type === 'f' && references?.table === target)
      .map(([name, { definition }]) => `alter table ${quoted(table)} add constraint "${name}" ${definition}`));
}

function ofTypes(): Break[] {
  return Object.entries(enums).filter(([type]) => !type.startsWith('pgboss.')).flatMap(([type, labels]): Break[] => [
    { class: 'enum', object: type, sql: [`alter type "${type}" rename to gone_away`], undo: [`alter type gone_away rename to "${type}"`] },
    ...labels.map((label): Break => ({
      class: 'enum value', object: `${type}=${label}`,
      sql: [`alter type "${type}" rename value '${label}' to 'gone_away'`], undo: [`alter type "${type}" rename value 'gone_away' to '${label}'`],
    })),
  ]);
}

function ofFunctions(): Break[] {
  return Object.keys(functions).map((name): Break => {
    const types = signature(name);
    return {
      class: 'function', object: name,
      sql: [`alter function ${types} rename to gone_away`],
      undo: [`alter function ${types.replace(/^(pgboss\.)?\w+/, '$1gone_away')} rename to ${lastOf(types.replace(/\(.*/, ''))}`],
    };
  });
}

function ofRights(role: string): Break[] {
  return schemas.map((schema) => ({
    class: 'schema', object: schema, sql: [`revoke usage on schema ${schema} from ${role}, public`], undo: [`grant usage on schema ${schema} to ${role}`],
  }));
}
