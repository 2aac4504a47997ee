import type { DriftEffect } from '../../../src/health/health.ts';
import type { Change, Expectation } from '../change.ts';
import { quoted, type Inventory, type Table } from '../inventory.ts';
import { SERVER } from '../roles.ts';

/** Views and materialized views of ours: gone, other, empty, replaced. */
export function* viewChanges({ tables }: Inventory): Generator<Change> {
  for (const view of tables) {
    if (view.kind === 'v' || view.kind === 'm') yield* changesOf(view);
  }
}

function* changesOf({ id, sql, name, schema, kind, definition, options, columns, indexes, rules }: Table): Generator<Change> {
  const word = kind === 'v' ? 'view' : 'materialized view';
  const make = (change: string, statements: string[], expected: Expectation | null): Change => ({ class: 'view', object: id, change, sql: statements, expected });
  const wrong = (least: DriftEffect, kinds: Expectation['kind'] = 'VIEW'): Expectation => ({ kind: kinds, table: id, atLeast: least });
  const drop = `drop ${word} ${sql}`;
  const body = (definition ?? '').replace(/;\s*$/, '');
  const create = (query: string) => [`create ${word} ${sql}${options.length > 0 ? ` with (${options.join(', ')})` : ''} as ${query}`, `grant select, insert, update, delete on ${sql} to ${SERVER}`, ...(kind === 'm' ? indexes.map((index) => index.definition) : []), ...rules.map((rule) => rule.definition)];
  const list = columns.map((column) => quoted(column.name)).join(', ');

  yield make('drop', [`${drop} cascade`], wrong('READ_FAILS', ['VIEW', 'MISSING_TABLE']));
  yield make('rename', [`alter ${word} ${sql} rename to ${quoted(`${name}_old`)}`], wrong('READ_FAILS', ['RENAMED_TABLE', 'VIEW']));
  yield make('move', ['create schema archive', `alter ${word} ${sql} set schema archive`], wrong('READ_FAILS', ['MOVED_TABLE', 'VIEW']));
  yield make('table in its place', [`alter ${word} ${sql} rename to before`, `create table ${sql} as select * from ${quoted(schema)}.before`, `grant select on ${sql} to ${SERVER}`], { ...wrong('SILENT', 'RELATION_KIND'), beside: ['PRIVILEGE'] });
  yield make('other rows', [drop, ...create(`select ${list} from (${body}) other where random() < 0.5`)], wrong('SILENT'));
  if (rules.length === 0) yield make('one column fewer', [drop, ...create(`select ${columns.slice(1).map((column) => quoted(column.name)).join(', ')} from (${body}) other`)], wrong('READ_FAILS', ['VIEW', 'MISSING_COLUMN']));
  yield make('recreate', [drop, ...create(body)], null);
  yield make('comment', [`comment on ${word} ${sql} is 'looked at'`], null);
  yield { ...make('revoke SELECT', [`revoke select on ${sql} from ${SERVER}`], { kind: 'PRIVILEGE', table: id, atLeast: 'READ_FAILS' }), class: 'privilege', comparable: false };
  if (kind === 'v') yield make('with the rights of the reader', [`alter view ${sql} set (security_invoker = true)`], wrong('LATENT'));
  else yield make('not filled', [`refresh materialized view ${sql} with no data`], wrong('READ_FAILS'));
}
