import type { Expression } from './expression.ts';

export type ColumnTypes = Readonly<Record<string, { type: string; notNull: boolean }>>;

/** What is known of a table's columns, and the labels of enums by their type. */
export interface Facts {
  columns: ColumnTypes;
  enums: Readonly<Record<string, readonly string[]>>;
}

const families: [RegExp, string][] = [
  [/^(smallint|integer|bigint|int|int2|int4|int8)$/, 'integer'],
  [/^numeric\b/, 'numeric'],
  [/^(real|double precision)$/, 'float'],
  [/^(text|character varying)\b(?!.*\[\])/, 'text'],
];

/** integer, numeric, float, text, or the type itself; null when it is not known. */
export function familyOf(type: string | null): string | null {
  return type === null ? null : (families.find(([pattern]) => pattern.test(type))?.[1] ?? type);
}

const results: Record<string, string> = { length: 'integer', octet_length: 'integer', cardinality: 'integer', jsonb_array_length: 'integer', lower: 'text', upper: 'text', btrim: 'text', '||': '', now: 'timestamp with time zone', jsonb_typeof: 'text', json_typeof: 'text', '->>': 'text' };
const logical = new Set(['and', 'or', 'not', 'is null', 'is true', 'is false', 'is distinct', '=', '<>', '<', '>', '<=', '>=', '~', '~*', '!~', '!~*', '~~', '!~~', '@>', '<@', '&&', '?']);

/** The type of an expression, as far as it can be told without asking PostgreSQL. */
export function typeOf(node: Expression, columns: ColumnTypes): string | null {
  if (node.kind === 'constant') return node.type;
  if (node.kind === 'column') return columns[node.name]?.type ?? null;
  const { name, args } = node;
  if (logical.has(name)) return 'boolean';
  if (name === 'cast') return node.type ?? null;
  if (results[name]) return results[name];
  const common = (parts: readonly Expression[]) => parts.map((part) => typeOf(part, columns)).find((type) => type !== null) ?? null;
  switch (name) {
    case 'coalesce':
    case 'least':
    case 'greatest':
    case 'nullif':
    case 'collate':
      return common(args);
    case 'case':
      return common(args.filter((_, place) => place % 2 === 1 || place === args.length - 1));
    case '+':
    case '-':
    case '*':
      return arithmetic(args.map((arg) => familyOf(typeOf(arg, columns))));
    default:
      return null;
  }
}

function arithmetic(families: readonly (string | null)[]): string | null {
  if (families.every((family) => family === 'integer')) return 'integer';
  return families.every((family) => family === 'integer' || family === 'numeric') ? 'numeric' : null;
}
