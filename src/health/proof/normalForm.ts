import { call, constant, isCall, textOf, type Call, type Constant, type Expression } from './expression.ts';
import { asPolynomial } from './polynomial.ts';
import { familyOf, typeOf, type ColumnTypes, type Facts } from './types.ts';

/** Functions that differ in nothing but their name. */
const synonyms: Record<string, string> = {
  char_length: 'length',
  character_length: 'length',
  current_timestamp: 'now',
  transaction_timestamp: 'now',
  ceiling: 'ceil',
  pow: 'power',
  uuid_generate_v4: 'gen_random_uuid',
  uuidv4: 'gen_random_uuid',
  substr: 'substring',
  current_role: 'current_user',
  user: 'current_user',
  bool: 'boolean',
};

const turned: Record<string, string> = { '>': '<', '>=': '<=' };
const commutative = new Set(['=', '<>', 'is distinct', '&&', 'and', 'or', 'least', 'greatest']);
const typeNames: Record<string, string> = { int: 'integer', int4: 'integer', int8: 'bigint', int2: 'smallint', bool: 'boolean', varchar: 'character varying', timestamptz: 'timestamp with time zone', float8: 'double precision', float4: 'real', decimal: 'numeric' };

/** The same expression, with what is only spelling taken out: casts that change nothing, synonyms, order of operands, lists. */
export function normalForm(node: Expression, facts: Facts): Expression {
  if (node.kind !== 'call') return node;
  const { columns } = facts;
  const args = node.args.map((arg) => normalForm(arg, facts));
  const name = synonyms[unqualified(node.name)] ?? unqualified(node.name);
  switch (name) {
    case 'cast':
      return withoutEmptyCast(args[0] as Expression, typeNames[node.type ?? ''] ?? node.type ?? '', columns);
    case 'collate':
      return node.type === 'default' ? (args[0] as Expression) : call('collate', args, node.type);
    case '+':
    case '-':
    case '*':
      return asPolynomial(call(name, args), columns) ?? call(name, name === '-' ? args : sorted(args));
    case '/':
      // Integers are divided otherwise than numbers, and casts of integers were taken out.
      return call('/', args, node.args.map((arg) => familyOf(typeOf(arg, columns))).join());
    case '>':
    case '>=':
      return call(turned[name] ?? name, args.toReversed());
    default:
      return listed(name, args, facts) ?? call(name, arranged(name, name === '=' || name === '<>' ? asLabels(args, facts) : args));
  }
}

/** x = any (array[a, b]) → x = a or x = b; its contrary with all. */
function listed(name: string, args: readonly Expression[], facts: Facts): Expression | null {
  const [, quantifier, operator] = /^(any|all) (.+)$/.exec(name) ?? [];
  const [left, list] = args;
  if (!left || !list || operator === undefined || !isCall(list, 'array')) return null;
  return normalForm(call(quantifier === 'any' ? 'or' : 'and', list.args.map((item) => call(operator, [left, item]))), facts);
}

function withoutEmptyCast(inner: Expression, type: string, columns: ColumnTypes): Expression {
  if (inner.kind === 'constant') return typed(inner, type);
  if (isCall(inner, 'array') && type.endsWith('[]')) return call('array', inner.args.map((item) => withoutEmptyCast(item, type.slice(0, -2), columns)));
  const from = typeOf(inner, columns);
  if (from === null) return call('cast', [inner], type);
  return from === type || widens(familyOf(from), type) ? inner : call('cast', [inner], type);
}

/** Nothing of the value changes, nor how it compares. */
function widens(from: string | null, type: string): boolean {
  if (from === 'text') return type === 'text' || type === 'character varying';
  return from === 'integer' && (type === 'bigint' || type === 'numeric');
}

function typed({ value, type: before }: Constant, type: string): Expression {
  if (value === null) return constant(null, null);
  if (type.endsWith('[]')) return elements(value, type.slice(0, -2)) ?? constant(value, type);
  const family = familyOf(type);
  if (family === 'integer' || type === 'numeric') return number(value) ?? constant(value, type);
  if (type === 'text' || type === 'character varying') return constant(value, 'text');
  if (type === 'boolean') return /^\s*(t|true|y|yes|on|1)\s*$/i.test(value) ? constant('true', 'boolean') : /^\s*(f|false|n|no|off|0)\s*$/i.test(value) ? constant('false', 'boolean') : constant(value, type);
  // A value of a type with a length may be cut: of an unknown one nothing is known but what it is written as.
  return before !== null && before !== 'text' && before !== type ? call('cast', [constant(value, before)], type) : constant(value, type);
}

/** null where JavaScript would round it */
function number(value: string): Constant | null {
  const read = Number(value);
  return value.trim() !== '' && Number.isFinite(read) && Math.abs(read) < 1e15 && value.length < 16 ? constant(String(read), Number.isInteger(read) ? 'integer' : 'numeric') : null;
}

/** {a,b} as an array of constants; null when its text has quotes or is nested. */
function elements(value: string, type: string): Call | null {
  const [, inside] = /^\{([^"{}\\]*)\}$/.exec(value.trim()) ?? [];
  if (inside === undefined) return null;
  return call('array', inside.trim() === '' ? [] : inside.split(',').map((item) => typed(constant(/^null$/i.test(item.trim()) ? null : item.trim(), null), type) as Constant));
}

/** An enum's label that is compared as text is the enum's value. */
function asLabels(args: readonly Expression[], { columns, enums }: Facts): readonly Expression[] {
  const cast = args.find((arg) => isCall(arg, 'cast') && arg.type === 'text');
  const text = args.find((arg) => arg.kind === 'constant');
  const inner = cast && isCall(cast, 'cast') ? cast.args[0] : undefined;
  const type = inner && typeOf(inner, columns);
  return inner && type && text?.kind === 'constant' && enums[type]?.includes(text.value ?? '') ? [inner, constant(text.value, type)] : args;
}

/** Operands in one order, where the order means nothing; and, or, coalesce inside of themselves in one list. */
function arranged(name: string, args: readonly Expression[]): Expression[] {
  const isList = ['and', 'or', 'least', 'greatest', 'coalesce'].includes(name);
  const list = isList ? args.flatMap((arg) => (isCall(arg, name) ? arg.args : [arg])) : [...args];
  return commutative.has(name) ? sorted(list) : list;
}

function sorted(args: readonly Expression[]): Expression[] {
  return [...args].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}

function unqualified(name: string): string {
  return name.replace(/^pg_catalog\./, '');
}
