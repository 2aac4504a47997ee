import { isTransparent } from './evaluate.ts';
import { columnsOf, textOf, type Constant, type Expression } from './expression.ts';
import type { ColumnTypes } from './types.ts';
import { typeOf } from './types.ts';

/** A column, or a term that is not looked into and may have any value of its type. */
export interface Term {
  key: string;
  node: Expression;
  type: string | null;
  nullable: boolean;
}

/** Terms and constants whose values meet each other, so that their order matters. */
export interface Group {
  terms: Map<string, Term>;
  constants: Map<string, Constant>;
  /** compared by < and the like, not only by = */
  ordered: boolean;
  /** terms are compared with terms, not with constants only */
  mixed: boolean;
}

/** Functions and operators that answer NULL to NULL only. */
const strict = new Set(['length', 'octet_length', 'lower', 'upper', 'btrim', 'abs', 'sign', 'cardinality', 'jsonb_typeof', 'json_typeof', '+', '-', '*', '/', '%', '||', 'cast', '~', '~~', '!~', '!~~', '~*', '!~*', 'now']);

/** Finds what the expressions look at, and which of it is compared with which. */
export class Terms {
  readonly booleans = new Map<string, Term>();
  readonly #columns: ColumnTypes;
  readonly #groupOf = new Map<string, Group>();

  constructor(columns: ColumnTypes) {
    this.#columns = columns;
  }

  get groups(): Group[] {
    return [...new Set(this.#groupOf.values())];
  }

  /** Notes all that is in the expression. Answers the terms and constants that its value may come from. */
  add(node: Expression): string[] {
    if (!isTransparent(node)) return this.#leaf(node);
    const sources = node.args.map((arg) => this.add(arg));
    switch (node.name) {
      case '=':
      case '<>':
      case 'is distinct':
      case '<':
      case '<=':
        this.meet(sources.flat(), node.name.startsWith('<') && node.name !== '<>');
        return [];
      case 'least':
      case 'greatest':
      case 'coalesce':
        return this.meet(sources.flat(), node.name !== 'coalesce');
      case 'nullif':
        this.meet(sources.flat(), false);
        return sources[0] ?? [];
      case 'case':
        return this.meet(sources.filter((_, place) => place % 2 === 1 || place === sources.length - 1).flat(), false);
      default:
        return [];
    }
  }

  /** Puts them into one group. */
  meet(keys: readonly string[], ordered: boolean): string[] {
    const groups = new Set(keys.map((key) => this.#groupOf.get(key)).filter((group) => group !== undefined));
    const [into, ...others] = groups;
    if (!into) return [...keys];
    for (const other of others) {
      for (const [key, term] of other.terms) into.terms.set(key, term);
      for (const [key, item] of other.constants) into.constants.set(key, item);
      into.ordered ||= other.ordered;
      into.mixed ||= other.mixed;
    }
    into.ordered ||= ordered;
    into.mixed ||= new Set(keys.filter((key) => into.terms.has(key))).size > 1;
    for (const key of [...into.terms.keys(), ...into.constants.keys()]) this.#groupOf.set(key, into);
    return [...keys];
  }

  #leaf(node: Expression): string[] {
    const key = textOf(node);
    const type = typeOf(node, this.#columns);
    if (node.kind === 'constant' && (node.value === null || type === 'boolean')) return [];
    if (node.kind !== 'constant' && type === 'boolean') {
      this.booleans.set(key, { key, node, type, nullable: this.#nullable(node) });
      return [];
    }
    if (this.#groupOf.has(key)) return [key];
    const group: Group = { terms: new Map(), constants: new Map(), ordered: false, mixed: false };
    if (node.kind === 'constant') group.constants.set(key, node);
    else group.terms.set(key, { key, node, type, nullable: this.#nullable(node) });
    this.#groupOf.set(key, group);
    return [key];
  }

  #nullable(node: Expression): boolean {
    if (node.kind === 'constant') return node.value === null;
    if (node.kind === 'column') return !this.#columns[node.name]?.notNull;
    return !strict.has(node.name) || node.args.some((arg) => this.#nullable(arg));
  }
}

/** Whether each term can have each value whatever the others have, so that a row found is a row that can be. */
export function areFree(terms: readonly Term[]): boolean {
  const columns = terms.flatMap(({ node }) => columnsOf(node));
  const isPlain = ({ node }: Term) => node.kind === 'column' || (node.kind === 'call' && (node.name === 'length' || node.name === '+') && node.args.every((arg) => arg.kind === 'column'));
  return terms.every(isPlain) && new Set(columns).size === columns.length;
}
