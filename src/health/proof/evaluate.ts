import { textOf, type Call, type Constant, type Expression } from './expression.ts';

/** A value stands for itself only in its order among those it is compared with. */
export type Value = number | boolean | null;

/** What columns, constants and terms that are not looked into are worth in one row. */
export type Row = ReadonlyMap<string, Value>;

/** Calls whose value follows from the values, and the order of the values, of their arguments. */
const transparent = new Set(['and', 'or', 'not', 'is null', 'is true', 'is false', 'is distinct', '=', '<>', '<', '<=', 'coalesce', 'case', 'nullif', 'least', 'greatest']);

export function isTransparent(node: Expression): node is Call {
  return node.kind === 'call' && transparent.has(node.name);
}

/** SQL's logic of three values: NULL is neither true nor false. */
export function evaluate(node: Expression, row: Row): Value {
  if (isTransparent(node)) return apply(node, row);
  return node.kind === 'constant' ? constantIn(node, row) : (row.get(textOf(node)) ?? null);
}

function constantIn(node: Constant, row: Row): Value {
  if (node.value === null) return null;
  return node.type === 'boolean' ? node.value === 'true' : (row.get(textOf(node)) ?? null);
}

function apply({ name, args }: Call, row: Row): Value {
  const value = (place: number) => evaluate(args[place] as Expression, row);
  switch (name) {
    case 'and':
      return three(args, row, false);
    case 'or':
      return three(args, row, true);
    case 'not': {
      const inner = value(0);
      return inner === null ? null : !inner;
    }
    case 'is null':
      return value(0) === null;
    case 'is true':
      return value(0) === true;
    case 'is false':
      return value(0) === false;
    case 'is distinct':
      return value(0) !== value(1);
    case 'coalesce':
      return args.map((arg) => evaluate(arg, row)).find((item) => item !== null) ?? null;
    case 'nullif':
      return value(0) === value(1) ? null : value(0);
    case 'least':
    case 'greatest':
      return extreme(args.map((arg) => evaluate(arg, row)).filter((item) => item !== null), name);
    case 'case':
      return chosen(args, row);
    default:
      return compared(name, value(0), value(1));
  }
}

/** and, or: one argument decides, whatever the others are */
function three(args: readonly Expression[], row: Row, deciding: boolean): Value {
  const values = args.map((arg) => evaluate(arg, row));
  if (values.includes(deciding)) return deciding;
  return values.includes(null) ? null : !deciding;
}

function chosen(args: readonly Expression[], row: Row): Value {
  for (let place = 0; place + 1 < args.length; place += 2) {
    if (evaluate(args[place] as Expression, row) === true) return evaluate(args[place + 1] as Expression, row);
  }
  return evaluate(args.at(-1) as Expression, row);
}

function extreme(values: readonly (number | boolean)[], name: string): Value {
  if (values.length === 0) return null;
  return values.reduce((best, value) => ((name === 'least') === (Number(value) < Number(best)) && value !== best ? value : best));
}

function compared(operator: string, left: Value, right: Value): Value {
  if (left === null || right === null) return null;
  const [a, b] = [Number(left), Number(right)];
  return operator === '=' ? a === b : operator === '<>' ? a !== b : operator === '<' ? a < b : a <= b;
}
