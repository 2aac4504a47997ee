import type { DriftEffect } from '../../../src/health/health.ts';
import type { Change, Expectation } from '../change.ts';
import { quoted, type Inventory, type Table, type Trigger } from '../inventory.ts';
import { leastOf } from './tableRoles.ts';

/** Triggers and rules of ours: gone, off, at other times, on other columns, of another function. */
export function* triggerChanges({ tables }: Inventory): Generator<Change> {
  for (const table of tables) {
    for (const trigger of table.triggers) if (!trigger.inherited) yield* changesOf(table, trigger);
    yield* ruleChanges(table);
    const mine = table.triggers.filter(({ inherited, enabled }) => !inherited && enabled !== 'D');
    if (mine[0]) {
      const expected: Expectation = { kind: 'TRIGGER', table: table.id, atLeast: leastOf(table, 'SILENT'), beside: ['TRIGGER'] };
      yield { class: 'trigger', object: table.id, change: 'disable all', sql: [`alter table ${table.sql} disable trigger user`], expected };
    }
  }
}

function* changesOf(table: Table, { name, definition, enabled, isConstraint }: Trigger): Generator<Change> {
  const { id, sql } = table;
  const make = (change: string, statements: string[], expected: Expectation | null): Change => ({ class: 'trigger', object: `${id}#${name}`, change, sql: statements, expected });
  const wrong = (least: DriftEffect = 'SILENT'): Expectation => ({ kind: 'TRIGGER', table: id, object: name, atLeast: leastOf(table, least) });
  const drop = `drop trigger ${quoted(name)} on ${sql}`;
  const alter = `alter table ${sql}`;
  const asBefore = enabled === 'D' ? [`${alter} disable trigger ${quoted(name)}`] : [];
  const [head = '', call = ''] = definition.split(/ (?=EXECUTE FUNCTION )/);

  yield make('drop', [drop], wrong(enabled === 'D' ? 'NONE' : 'SILENT'));
  yield make('rename', [`alter trigger ${quoted(name)} on ${sql} rename to renamed`], null);
  yield make('recreate', [drop, definition, ...asBefore], null);
  yield make('comment', [`comment on trigger ${quoted(name)} on ${sql} is 'looked at'`], null);
  if (enabled === 'O') {
    yield make('disable', [`${alter} disable trigger ${quoted(name)}`], wrong());
    yield make('only on replicas', [`${alter} enable replica trigger ${quoted(name)}`], wrong());
    yield make('always', [`${alter} enable always trigger ${quoted(name)}`], null);
  }
  if (enabled !== 'D') yield make('another function', ['create function public.other() returns trigger language plpgsql as $$ begin return new; end $$', drop, `${head} EXECUTE FUNCTION public.other()`], wrong());
  if (isConstraint || enabled === 'D') return;
  if (!/\bWHEN \(/.test(head) && head.includes('FOR EACH ROW')) yield make('only when', [drop, `${head} when (false) ${call}`], wrong());
  else if (/\bWHEN \(/.test(head)) yield make('whenever', [drop, `${head.replace(/ WHEN \(.*$/, '')} ${call}`], wrong('LATENT'));
  const [, events = ''] = /(?:BEFORE|AFTER) (.*?) ON /.exec(head) ?? [];
  const columns = / OF (.*)$/.exec(events)?.[1];
  if (columns !== undefined) yield make('on every column', [drop, `${head.replace(` OF ${columns} ON `, ' ON ')} ${call}`], wrong('LATENT'));
  const other = table.columns[0]?.name;
  if (events.includes('UPDATE') && columns === undefined && other !== undefined) yield make('on one column', [drop, `${head.replace('UPDATE', `UPDATE OF ${quoted(other)}`)} ${call}`], wrong());
  if (events === 'UPDATE' && !/NEW|OLD/.test(head)) yield make('on another event', [drop, `${head.replace('UPDATE', 'DELETE')} ${call}`], wrong());
  if (!head.includes(' OR ') && head.includes('UPDATE')) yield make('on one event more', [drop, `${head.replace(' UPDATE', ' DELETE OR UPDATE')} ${call}`], wrong('LATENT'));
  const time = head.includes('BEFORE') ? head.replace('BEFORE', 'AFTER') : head.replace('AFTER', 'BEFORE');
  if (time !== head) yield make('at another time', [drop, `${time} ${call}`], wrong('LATENT'));
  if (/\('/.test(call)) yield make('other arguments', [drop, `${head} ${call.replace(/\('/, `('x`)}`], wrong());
}

function* ruleChanges(table: Table): Generator<Change> {
  const { id, sql, rules } = table;
  for (const { name, definition } of rules) {
    const make = (change: string, statements: string[], expected: Expectation | null): Change => ({ class: 'rule', object: `${id}#${name}`, change, sql: statements, expected });
    const wrong: Expectation = { kind: 'RULE', table: id, object: name, atLeast: 'LATENT' };
    const drop = `drop rule ${quoted(name)} on ${sql}`;
    yield make('drop', [drop], wrong);
    yield make('disable', [`alter table ${sql} disable rule ${quoted(name)}`], wrong);
    yield make('recreate', [drop, definition], null);
    yield make('rename', [`alter rule ${quoted(name)} on ${sql} rename to renamed`], null);
    if (!/DO INSTEAD NOTHING;?$/.test(definition)) yield make('instead nothing', [drop, definition.replace(/ DO .*$/s, ' do instead nothing')], { ...wrong, atLeast: 'LOST_WRITE' });
  }
}
