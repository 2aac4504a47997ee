import { escapeIdentifier } from 'pg';
import type { Constraint, Relation } from '../catalog.ts';
import { columnSql } from './columnSql.ts';
import { quoteTable } from './identifiers.ts';
import type { Mending } from './mending.ts';

/** Makes a lost table again, empty: the table with its keys and checks, its indexes, its foreign keys, its triggers. */
export function tableSteps(table: string, relation: Relation): Mending[] {
  if (relation.kind !== 'r' || relation.parent !== null) return [];
  const target = quoteTable(table);
  const constraints = Object.entries(relation.constraints);
  const inside = constraints.filter(([, { type }]) => type !== 'f').map(constraintSql);
  const foreign = constraints.filter(([, { type }]) => type === 'f');
  const columns = Object.entries(relation.columns)
    .sort(([, a], [, b]) => a.position - b.position)
    .map(([name, column]) => columnSql(name, column));
  const indexes = Object.values(relation.indexes).filter(({ constraint }) => constraint === null);
  return [
    { sql: `create table ${target} (\n  ${[...columns, ...inside].join(',\n  ')}\n)`, risk: 'SAFE', lock: 'none', note: 'The table comes back empty; its rows do not.' },
    ...indexes.map(({ definition = '' }): Mending => ({ sql: definition, risk: 'SAFE', lock: 'SHARE' })),
    ...foreign.map((constraint): Mending => ({ sql: `alter table ${target} add ${constraintSql(constraint)}`, risk: 'SAFE', lock: 'SHARE ROW EXCLUSIVE' })),
    ...Object.values(relation.triggers).map(({ definition = '' }): Mending => ({ sql: definition, risk: 'SAFE', lock: 'SHARE ROW EXCLUSIVE' })),
  ];
}

function constraintSql([name, { definition }]: [string, Constraint]): string {
  return `constraint ${escapeIdentifier(name)} ${definition}`;
}
