/** An SQL expression: a constant, a column, or something done to others. Operators, casts and CASE are calls too. */
export type Expression = Constant | ColumnReference | Call;

export interface Constant {
  kind: 'constant';
  /** as it is written between quotes; null is NULL */
  value: string | null;
  /** null while it is not known */
  type: string | null;
}

export interface ColumnReference {
  kind: 'column';
  name: string;
}

export interface Call {
  kind: 'call';
  /**
   * A function's name, an operator, or a word of ours: and, or, not, is null, is true, is false, is distinct, array, any, all
   * (with the operator, such as "any ="), case (condition, value, …, else), cast and collate (their `type`), subscript
   */
  name: string;
  args: Expression[];
  /** of a cast; the collation's name for collate */
  type?: string;
}

export function call(name: string, args: Expression[], type?: string): Call {
  return type === undefined ? { kind: 'call', name, args } : { kind: 'call', name, args, type };
}

export function constant(value: string | null, type: string | null): Constant {
  return { kind: 'constant', value, type };
}

export function isCall(node: Expression, ...names: string[]): node is Call {
  return node.kind === 'call' && names.includes(node.name);
}

/** The text by which two expressions are told to be the same term. */
export function textOf(node: Expression): string {
  switch (node.kind) {
    case 'constant':
      return node.value === null ? 'null' : `'${node.value}'${node.type === null ? '' : `::${node.type}`}`;
    case 'column':
      return `"${node.name}"`;
    case 'call':
      return `${node.name}${node.type === undefined ? '' : `<${node.type}>`}(${node.args.map(textOf).join(', ')})`;
  }
}

/** The names of the columns in it. */
export function columnsOf(node: Expression): string[] {
  if (node.kind === 'column') return [node.name];
  return node.kind === 'call' ? [...new Set(node.args.flatMap(columnsOf))] : [];
}
