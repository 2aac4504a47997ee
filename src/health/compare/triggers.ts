import type { Relation, Trigger } from '../catalog.ts';
import type { LiveCatalog } from '../liveCatalog.ts';
import type { Finding } from '../finding.ts';
import { extraTrigger } from './extraTrigger.ts';
import { mentionedIn, wordFor } from './mentions.ts';
import { pairUp } from './pairUp.ts';
import { sameText } from './sqlText.ts';
import { describeTrigger } from './triggerBits.ts';

/** Triggers of ours that are gone, off or different; and other people's, which may swallow writes. */
export function compareTriggers(table: string, expected: Relation, actual: Relation, functions: LiveCatalog['functions']): Finding[] {
  const pairs = pairUp(expected.triggers, actual.triggers, same, (a, b) => a.function === b.function && a.type === b.type);
  return [
    ...pairs.missing.map(({ name, expected: trigger }) => ({ ...missing(table, name, trigger), part: { ours: name } })),
    ...pairs.different.map(({ name, expected: wanted, actualName, actual: found }) => ({ ...different(table, actualName, wanted, found, actual.columns, functions), part: { ours: name, theirs: actualName } })),
    ...pairs.extra.filter(({ actual: trigger }) => fires(trigger)).map(({ name, actual: trigger }) => ({ ...extraTrigger(table, name, trigger, functions), part: { theirs: name } })),
  ];
}

function same(expected: Trigger, actual: Trigger): boolean {
  return fires(expected) === fires(actual) && differencesOf(expected, actual).length === 0;
}

/** O and A fire; R fires in a replica only, where we do not write. */
function fires({ enabled }: Trigger): boolean {
  return enabled === 'O' || enabled === 'A';
}

function differencesOf(expected: Trigger, actual: Trigger): string[] {
  return [
    expected.function !== actual.function && `it runs ${actual.function} instead of ${expected.function}`,
    expected.type !== actual.type && `it fires ${describeTrigger(actual)} instead of ${describeTrigger(expected)}`,
    expected.columns.join() !== actual.columns.join() && `it looks at ${actual.columns.join(', ') || 'every column'} instead of ${expected.columns.join(', ') || 'every column'}`,
    expected.arguments !== actual.arguments && 'it is given other arguments',
    (expected.deferrable !== actual.deferrable || expected.deferred !== actual.deferred) && `it fires ${actual.deferred ? 'at the end of the transaction' : 'at each statement'}`,
    !sameText(expected.condition, actual.condition) && 'it fires on another condition',
  ].filter((difference) => difference !== false);
}

function missing(table: string, object: string, trigger: Trigger): Finding {
  return {
    kind: 'TRIGGER',
    table,
    object,
    effect: 'SILENT',
    expected: `${describeTrigger(trigger)} runs ${trigger.function}`,
    lost: `${table}#${object}`,
    needs: [wordFor(trigger.function), ...trigger.columns.map((column) => `${table}.${column}`), ...mentionedIn(table, trigger.condition)],
    message: `The trigger ${object} on ${table} is missing: ${trigger.function} does not guard its rows any more.`,
  };
}

function different(table: string, object: string, expected: Trigger, actual: Trigger, columns: Relation['columns'], functions: LiveCatalog['functions']): Finding {
  const place: Pick<Finding, 'kind' | 'table' | 'object' | 'effect'> = { kind: 'TRIGGER', table, object, effect: 'SILENT' };
  if (fires(expected) && !fires(actual)) {
    return { ...place, expected: 'enabled', actual: 'disabled', needs: [`triggers:${table}`], message: `The trigger ${object} on ${table} is disabled: ${expected.function} does not guard its rows any more.` };
  }
  const differences = differencesOf(expected, actual);
  const onlyText = differences.length === 1 && expected.condition !== actual.condition && !sameText(expected.condition, actual.condition);
  return {
    ...place,
    // Another function may drop the rows as one of somebody else's may.
    effect: expected.function === actual.function ? 'SILENT' : extraTrigger(table, object, actual, functions).effect === 'LOST_WRITE' ? 'LOST_WRITE' : 'SILENT',
    expected: `${describeTrigger(expected)} runs ${expected.function}`,
    actual: `${describeTrigger(actual)} runs ${actual.function}`,
    message: `The trigger ${object} on ${table} does not guard its rows as it should: ${differences.join(', ')}.`,
    spelling: onlyText ? { of: 'condition', expected: expected.condition ?? 'true', actual: actual.condition ?? 'true', columns: oldAndNew(columns) } : undefined,
  };
}

function oldAndNew(columns: Relation['columns']): Relation['columns'] {
  return Object.fromEntries(['old', 'new'].flatMap((row) => Object.entries(columns).map(([name, column]) => [`${row}.${name}`, column])));
}
