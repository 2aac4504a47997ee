import { escapeIdentifier } from 'pg';
import type { Finding } from '../finding.ts';
import { CATALOG_MS, costOf, whileOthersWait } from './cost.ts';
import { collation } from './columnSql.ts';
import { quoteTable } from './identifiers.ts';
import { rootOf } from './inheritance.ts';
import type { Mending, Scene } from './mending.ts';

/**
 * free: the bytes stay as they are; wider: every value fits and is written again; checked: it fails where a value does
 * not fit, and loses nothing; other: a value may become another one.
 */
type Cast = 'free' | 'wider' | 'checked' | 'other';

/** A column of another type becomes ours by a cast. What may lose or change a value is DANGEROUS. */
export function columnType({ column = '', ...finding }: Finding, scene: Scene): Mending[] {
  const table = rootOf(finding.table ?? '', column, scene);
  const expected = scene.expected.relations[table]?.columns[column];
  const actual = scene.live.relations[table]?.columns[column];
  if (!expected || !actual || actual.generated !== '') return [];
  const cast = castOf(actual.type, expected.type, scene);
  const name = escapeIdentifier(column);
  const using = cast === 'other' ? ` using ${name}::text::${expected.type}` : '';
  const to = (type: string, more = '') => `alter table ${quoteTable(table)} alter column ${name} type ${type}${more}`;
  const common = { stage: 'change of column', lock: 'ACCESS EXCLUSIVE', sql: to(expected.type, `${expected.collation === null ? '' : ` ${collation(expected)}`}${using}`) } as const;
  switch (cast) {
    case 'free':
      return [{ ...common, risk: 'SAFE', estimatedMs: CATALOG_MS, undo: to(actual.type) }];
    case 'wider':
      return [{ ...common, ...whileOthersWait('rewrite', table, scene), risk: 'CAUTION', note: 'It writes every row again while everybody else waits; every value fits.', undo: to(actual.type) }];
    case 'checked':
      return [{ ...common, risk: 'CAUTION', estimatedMs: costOf('rewrite', table, scene), note: 'It reads or writes every row while everybody else waits. It fails where a value does not fit, and loses none.', undo: to(actual.type) }];
    case 'other':
      return [{ ...common, risk: 'DANGEROUS', estimatedMs: costOf('rewrite', table, scene), note: `A value may not survive the cast from ${actual.type} to ${expected.type}: look at the rows first, and run it by hand.` }];
  }
}

const integers = ['smallint', 'integer', 'bigint'];

function castOf(from: string, to: string, scene: Scene): Cast {
  // A domain is its type with rules.
  if (scene.expected.domains[to]?.base === from) return 'checked';
  if (scene.live.domains[from]?.base === to) return 'free';
  const [a, b] = [parse(from), parse(to)];
  if (isText(a.name) && isText(b.name)) return textCast(a, b);
  if (integers.includes(from) && integers.includes(to)) return integers.indexOf(from) < integers.indexOf(to) ? 'wider' : 'checked';
  if (integers.includes(from) && to === 'numeric') return 'wider';
  if (a.name === 'numeric' && b.name === 'numeric') return numericCast(a.limits, b.limits);
  if (a.name === b.name && a.name.startsWith('timestamp')) return (a.limits[0] ?? 6) <= (b.limits[0] ?? 6) ? 'free' : 'other';
  if (from === 'real' && to === 'double precision') return 'wider';
  if (from === 'json' && to === 'jsonb') return 'other';
  return b.name === 'text' ? 'wider' : 'other';
}

interface TypeName {
  name: string;
  limits: number[];
}

/** "timestamp(3) with time zone" → its name without the numbers, and the numbers */
function parse(type: string): TypeName {
  const numbers = /\(([\d,-]+)\)/.exec(type)?.[1]?.split(',').map(Number) ?? [];
  return { name: type.replace(/\([\d,-]+\)/, ''), limits: numbers };
}

function isText(name: string): boolean {
  return name === 'text' || name === 'character varying';
}

function textCast({ limits: [from = Infinity] }: TypeName, { limits: [to = Infinity] }: TypeName): Cast {
  return from <= to ? 'free' : 'checked';
}

function numericCast([fromDigits = Infinity, fromScale = 0]: number[], [toDigits = Infinity, toScale = 0]: number[]): Cast {
  if (toDigits === Infinity) return 'free';
  if (fromDigits === Infinity || toScale < fromScale) return 'other';
  return toScale === fromScale && toDigits >= fromDigits ? 'free' : toDigits - toScale >= fromDigits - fromScale ? 'wider' : 'checked';
}
