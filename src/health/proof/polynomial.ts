import { call, constant, textOf, type Expression } from './expression.ts';
import type { ColumnTypes } from './types.ts';
import { familyOf, typeOf } from './types.ts';

interface Monomial {
  coefficient: number;
  factors: Expression[];
}

/** Sums and products of whole and exact numbers in one order; null where rounding or another meaning of the operators could matter. */
export function asPolynomial(node: Expression, columns: ColumnTypes): Expression | null {
  const monomials = monomialsOf(node, columns);
  if (!monomials) return null;
  const merged = new Map<string, Monomial>();
  for (const { coefficient, factors } of monomials) {
    const key = factors.map(textOf).join('*');
    merged.set(key, { factors, coefficient: coefficient + (merged.get(key)?.coefficient ?? 0) });
  }
  const terms = [...merged].filter(([, { coefficient }]) => coefficient !== 0).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, monomial]) => termOf(monomial));
  const [first] = terms;
  // What cancels out is NULL still where it was NULL, so nothing is left out.
  if (!first || terms.length < merged.size) return null;
  return terms.length === 1 ? first : call('+', terms);
}

function termOf({ coefficient, factors }: Monomial): Expression {
  const [only] = factors;
  if (!only) return constant(String(coefficient), 'integer');
  if (coefficient === 1 && factors.length === 1) return only;
  return call('*', coefficient === 1 ? factors : [constant(String(coefficient), 'integer'), ...factors]);
}

function monomialsOf(node: Expression, columns: ColumnTypes): Monomial[] | null {
  const family = familyOf(typeOf(node, columns));
  if (family !== 'integer' && family !== 'numeric') return null;
  if (node.kind === 'constant') return node.value !== null && Number.isSafeInteger(Number(node.value)) ? [{ coefficient: Number(node.value), factors: [] }] : null;
  if (node.kind === 'column' || !['+', '-', '*'].includes(node.name)) return [{ coefficient: 1, factors: [node] }];
  const parts = node.args.map((arg) => monomialsOf(arg, columns));
  if (parts.some((part) => part === null)) return null;
  const known = parts as Monomial[][];
  if (node.name === '*') return known.reduce((left, right) => left.flatMap((a) => right.map((b) => product(a, b))));
  const [first = [], ...others] = known;
  const negated = (list: Monomial[]) => list.map((monomial) => ({ ...monomial, coefficient: -monomial.coefficient }));
  if (node.name === '+') return known.flat();
  return others.length === 0 ? negated(first) : [...first, ...others.flatMap(negated)];
}

function product(a: Monomial, b: Monomial): Monomial {
  const factors = [...a.factors, ...b.factors].sort((left, right) => (textOf(left) < textOf(right) ? -1 : 1));
  return { coefficient: a.coefficient * b.coefficient, factors };
}
