import type { Constraint, Index, Relation, Routine } from '../../catalog.ts';
import type { LiveCatalog } from '../../liveCatalog.ts';
import type { ExpectedCatalog } from '../../expectedCatalog.ts';
import type { Names } from './names.ts';

type Rename = (name: string) => string;

/** The live catalog in the names that we expect, so that a rename or a move is one difference. */
export function underOldNames(expected: ExpectedCatalog, actual: LiveCatalog, names: Names): LiveCatalog {
  const { renamed, moved, columns, enums, labels, routines } = names;
  if ([renamed, moved, columns, enums, labels, routines].every(({ size }) => size === 0)) return actual;
  const inMain = `${actual.database.schema}.`;
  const tables = turned([...renamed, ...[...moved].map(([table, now]) => [table, now.startsWith(inMain) ? now.slice(inMain.length) : now] as const)]);
  const columnNames = new Map([...columns].map(([table, own]) => [table, turned(own)]));
  const texts = textRenamer(names);
  const relations = Object.entries(actual.relations).map(([table, relation]) => [table, inOldNames(table, relation, tables, columnNames, texts)]);
  return {
    ...actual,
    relations: Object.fromEntries(relations) as LiveCatalog['relations'],
    enums: { ...actual.enums, ...enumsInOldNames(expected, actual, names) },
    functions: { ...actual.functions, ...routinesInOldNames(expected, actual, routines) },
  };
}

function inOldNames(table: string, relation: Relation, tables: Rename, columnNames: ReadonlyMap<string, Rename>, { type, text }: Texts): Relation {
  const column = columnNames.get(table) ?? ((name: string) => name);
  const sql = (expression: string | null) => expression && text(expression, column);
  const constraint = (part: Constraint): Constraint => {
    const target = part.references && tables(part.references.table);
    return {
      ...part,
      columns: part.columns.map(column),
      expression: sql(part.expression),
      references: part.references && { ...part.references, table: target ?? '', columns: part.references.columns.map(columnNames.get(target ?? '') ?? ((name) => name)) },
    };
  };
  const index = (part: Index): Index => ({
    ...part,
    predicate: sql(part.predicate),
    included: part.included.map(column),
    keys: part.keys.map((key) => ({ ...key, of: column(key.of) === key.of ? (sql(key.of) ?? key.of) : column(key.of) })),
  });
  return {
    ...relation,
    parent: relation.parent && tables(relation.parent),
    partitionKey: sql(relation.partitionKey ?? null),
    columns: Object.fromEntries(Object.entries(relation.columns).map(([name, part]) => [column(name), { ...part, type: type(part.type), default: sql(part.default) }])),
    constraints: mapped(relation.constraints, constraint),
    indexes: mapped(relation.indexes, index),
    triggers: mapped(relation.triggers, (part) => ({ ...part, function: text(`${part.function}(`, column).slice(0, -1), columns: part.columns.map(column).sort(), condition: sql(part.condition) })),
  };
}

interface Texts {
  type: Rename;
  /** an expression, whose columns are renamed by `column` */
  text(sql: string, column: Rename): string;
}

function textRenamer({ enums, labels, routines }: Names): Texts {
  const typeName = turned(enums);
  const routineName = turned([...routines].map(([name, now]) => [nameOf(name), nameOf(now)] as const));
  const type = (name: string) => name.replace(/^[^[(]+/, typeName);
  const labelOf = (literal: string, of: string) => `'${turned(labels.get(of) ?? [])(literal.slice(1, -1))}'`;
  const token = /('(?:[^']|'')*')(?:::((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))*))?|"((?:[^"]|"")+)"|[\w$]+(?:\.[\w$]+)*(\()?/g;
  const text = (sql: string, column: Rename) =>
    sql.replaceAll(token, (all, literal: string | undefined, cast: string | undefined, quoted: string | undefined, opens: string | undefined) => {
      if (literal !== undefined) {
        if (cast === undefined) return all;
        const name = cast.replaceAll('"', '');
        return `${labelOf(literal, typeName(name))}::${typeName(name) === name ? cast : typeName(name)}`;
      }
      if (quoted !== undefined) {
        const name = quoted.replaceAll('""', '"');
        return column(name) === name ? all : written(column(name));
      }
      if (opens !== undefined) return `${routineName(all.slice(0, -1))}(`;
      const [, row, field] = /^(old|new)\.(.+)$/i.exec(all) ?? [];
      return field === undefined ? typeName(column(all) === all ? all : written(column(all))) : `${row}.${written(column(field))}`;
    });
  return { type, text };
}

/** A name as PostgreSQL prints it. */
function written(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function enumsInOldNames(expected: ExpectedCatalog, actual: LiveCatalog, { enums, labels }: Names): LiveCatalog['enums'] {
  const concerned = new Set([...enums.keys(), ...labels.keys()]);
  return Object.fromEntries([...concerned].map((name) => {
    // The labels of one that was moved are not read.
    const found = actual.enums[enums.get(name) ?? name] ?? expected.enums[name] ?? [];
    return [name, found.map(turned(labels.get(name) ?? []))];
  }));
}

function routinesInOldNames(expected: ExpectedCatalog, actual: LiveCatalog, routines: Names['routines']): LiveCatalog['functions'] {
  return Object.fromEntries([...routines].map(([name, now]) => [name, actual.functions[now] ?? (expected.functions[name] as Routine)]));
}

/** present name → expected name */
function turned(names: Iterable<readonly [expected: string, present: string]>): Rename {
  const back = new Map([...names].map(([expected, present]) => [present, expected]));
  return (name) => back.get(name) ?? name;
}

function nameOf(routine: string): string {
  return routine.slice(0, routine.indexOf('('));
}

function mapped<T>(parts: Record<string, T>, map: (part: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, map(part)]));
}
