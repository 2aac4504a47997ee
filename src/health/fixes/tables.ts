import { escapeIdentifier } from 'pg';
import type { Relation } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import { KEPT_SCHEMA } from '../../migrate/refusals.ts';
import { makeKeptSchema } from '../history/keptSchema.ts';
import { grantsOn } from './access.ts';
import { columnSql } from './columnSql.ts';
import { costOf } from './cost.ts';
import { quoteTable, schemaOf } from './identifiers.ts';
import { sameIndex } from './indexSql.ts';
import type { Mending, Scene } from './mending.ts';
import { ruleSql } from './triggers.ts';
import { missingView } from './views.ts';

/** Makes a lost table again, empty: the table with its keys and checks, its indexes, its foreign keys, its triggers. */
export function missingTable({ table = '', perhaps }: Finding, scene: Scene): Mending[] {
  const relation = scene.expected.relations[table];
  if (relation?.view) return [...missingView(table, scene), ...grantsOn(table, scene)];
  if (!relation || !'rp'.includes(relation.kind)) return [];
  if (perhaps !== undefined) return afterImpostor(table, [], scene);
  return afterImpostor(table, [creation(table, relation), ...partsOfTable(table, relation, scene), ...grantsOn(table, scene)], scene);
}

/** What bears the name of a table that is not ours is kept beside first; that is for a person to decide. */
function afterImpostor(table: string, mendings: Mending[], { live }: Scene): Mending[] {
  if (!live.relations[table]) return mendings;
  const [name, home] = [escapeIdentifier(table.split('.').at(-1) ?? ''), escapeIdentifier(schemaOf(table) ?? live.database.schema)];
  const aside: Mending[] = [
    { stage: 'leftover', sql: makeKeptSchema, risk: 'SAFE', lock: 'none' },
    {
      stage: 'leftover',
      sql: `alter table ${quoteTable(table)} set schema ${KEPT_SCHEMA}`,
      risk: 'CAUTION',
      lock: 'ACCESS EXCLUSIVE',
      note: `The table that only bears the name is kept in the schema ${KEPT_SCHEMA}, with its rows; whoever made it looks for it here.`,
      undo: `alter table ${KEPT_SCHEMA}.${name} set schema ${home}`,
    },
  ];
  return [...aside, ...mendings].map((mending) => ({ ...mending, risk: 'CAUTION' }));
}

function creation(table: string, relation: Relation): Mending {
  const target = quoteTable(table);
  const note = 'The table comes back empty; its rows do not.';
  if (relation.parent !== null) {
    const sql = `create table ${target} partition of ${quoteTable(relation.parent)} ${relation.partitionBound ?? 'default'}`;
    return { stage: 'partition', sql, risk: 'SAFE', lock: 'ACCESS EXCLUSIVE', note };
  }
  const inside = Object.entries(relation.constraints).filter(([, { type }]) => type !== 'f').map(([name, { definition }]) => `constraint ${escapeIdentifier(name)} ${definition}`);
  const columns = Object.entries(relation.columns)
    .sort(([, a], [, b]) => a.position - b.position)
    .map(([name, column]) => columnSql(name, column));
  const partitioned = relation.partitionKey ? ` partition by ${relation.partitionKey}` : '';
  const unlogged = relation.persistence === 'u' ? 'unlogged ' : '';
  return { stage: 'table', sql: `create ${unlogged}table ${target} (\n  ${[...columns, ...inside].join(',\n  ')}\n)${partitioned}`, risk: 'SAFE', lock: 'none', note };
}

/** A partition gets the keys, indexes and checks of its parent with its birth; it needs those of its own. */
function partsOfTable(table: string, relation: Relation, { expected }: Scene): Mending[] {
  const target = quoteTable(table);
  const parent = relation.parent === null ? undefined : expected.relations[relation.parent];
  const inherited = Object.values(parent?.indexes ?? {});
  const constraints = Object.entries(relation.constraints);
  const own = (type: string) => type === 'f' || (parent !== undefined && type === 'c');
  return [
    ...Object.values(relation.indexes)
      .filter((index) => index.constraint === null && !inherited.some((other) => sameIndex(other, index)))
      .map(({ definition = '' }): Mending => ({ stage: 'index', sql: definition, risk: 'SAFE', lock: 'SHARE' })),
    ...constraints
      .filter(([name, { type }]) => own(type) && !parent?.constraints[name])
      .map(([name, { definition, type }]): Mending => ({
        stage: 'constraint',
        sql: `alter table ${target} add constraint ${escapeIdentifier(name)} ${definition}`,
        risk: 'SAFE',
        lock: type === 'f' ? 'SHARE ROW EXCLUSIVE' : 'ACCESS EXCLUSIVE',
      })),
    ...Object.entries(relation.rules).flatMap(([name, rule]) => ruleSql(name, rule) ?? []).map((sql): Mending => ({ stage: 'trigger', sql, risk: 'SAFE', lock: 'ACCESS EXCLUSIVE' })),
    ...Object.values(relation.triggers).map(({ definition = '' }): Mending => ({ stage: 'trigger', sql: definition, risk: 'SAFE', lock: 'SHARE ROW EXCLUSIVE' })),
  ];
}

export function renamedTable({ table = '', actual = '' }: Finding, scene: Scene): Mending[] {
  const [now, old] = [actual, table].map((full) => escapeIdentifier(full.split('.').at(-1) ?? ''));
  return afterImpostor(table, [{ stage: 'place', sql: `alter table ${quoteTable(actual)} rename to ${old}`, risk: 'SAFE', lock: 'ACCESS EXCLUSIVE', undo: `alter table ${quoteTable(table)} rename to ${now}` }], scene);
}

export function movedTable({ table = '', actual = '' }: Finding, scene: Scene): Mending[] {
  const { live } = scene;
  const home = escapeIdentifier(schemaOf(table) ?? live.database.schema);
  const name = escapeIdentifier(table.split('.').at(-1) ?? '');
  const away = escapeIdentifier(schemaOf(actual) ?? '');
  return afterImpostor(table, [{ stage: 'place', sql: `alter table ${away}.${name} set schema ${home}`, risk: 'SAFE', lock: 'ACCESS EXCLUSIVE', undo: `alter table ${home}.${name} set schema ${away}` }], scene);
}

export function unlogged({ table = '', object, effect }: Finding, scene: Scene): Mending[] {
  if (effect === 'NONE') return [];
  if (object !== undefined) {
    const alter = `alter sequence ${quoteTable(object)} set`;
    return [{ stage: 'upkeep', sql: `${alter} logged`, risk: 'SAFE', lock: 'ACCESS EXCLUSIVE', undo: `${alter} unlogged` }];
  }
  const target = quoteTable(table);
  const note = 'It writes the whole table again, and to the WAL, while everybody else waits.';
  return [{ stage: 'upkeep', sql: `alter table ${target} set logged`, risk: 'CAUTION', lock: 'ACCESS EXCLUSIVE', note, estimatedMs: costOf('rewrite', table, scene), undo: `alter table ${target} set unlogged` }];
}
