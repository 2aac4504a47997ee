import type { Relation, Rule, Trigger } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import { mentionedIn, wordFor } from './mentions.ts';
import { pairUp } from './pairUp.ts';
import { sameText } from './sqlText.ts';

const ROW_LEVEL_BEFORE = 0b11;
const INSTEAD_OF = 0b1000000;
const rightsByTriggerBit = new Map([[0b100, 'INSERT'], [0b1000, 'DELETE'], [0b10000, 'UPDATE']]);

/** Triggers of ours that are gone, off or different; and other people's triggers and rules, which may swallow writes. */
export function compareTriggers(table: string, expected: Relation, actual: Relation): Finding[] {
  const pairs = pairUp(expected.triggers, actual.triggers, same, (a, b) => a.function === b.function && a.type === b.type);
  return [
    ...pairs.missing.map(({ name, expected: trigger }) => ({ ...missing(table, name, trigger), part: { ours: name } })),
    ...pairs.different.map(({ name, expected: wanted, actualName, actual: found }) => ({ ...different(table, actualName, wanted, found), part: { ours: name, theirs: actualName } })),
    ...pairs.extra.filter(({ actual: trigger }) => fires(trigger)).map(({ name, actual: trigger }) => ({ ...extra(table, name, trigger), part: { theirs: name } })),
    ...Object.entries(actual.rules).filter(([name, { enabled }]) => !expected.rules[name] && enabled !== 'D').map(([name, rule]) => extraRule(table, name, rule)),
  ];
}

function same(expected: Trigger, actual: Trigger): boolean {
  return (
    fires(expected) === fires(actual) &&
    expected.type === actual.type &&
    expected.function === actual.function &&
    expected.columns.join() === actual.columns.join() &&
    expected.arguments === actual.arguments &&
    sameText(expected.condition, actual.condition) &&
    expected.deferrable === actual.deferrable &&
    expected.deferred === actual.deferred
  );
}

function fires({ enabled }: Trigger): boolean {
  return enabled === 'O' || enabled === 'A';
}

function missing(table: string, object: string, trigger: Trigger): Finding {
  return {
    kind: 'TRIGGER',
    table,
    object,
    effect: 'SILENT',
    expected: `runs ${trigger.function}`,
    lost: `${table}#${object}`,
    needs: [wordFor(trigger.function), ...mentionedIn(table, ...trigger.columns, trigger.condition)],
    message: `The trigger ${object} on ${table} is missing: ${trigger.function} does not guard its rows any more.`,
  };
}

function different(table: string, object: string, expected: Trigger, actual: Trigger): Finding {
  const place = { kind: 'TRIGGER', table, object, effect: 'SILENT' } as const;
  return fires(expected) && !fires(actual)
    ? { ...place, expected: 'enabled', actual: 'disabled', message: `The trigger ${object} on ${table} is disabled: ${expected.function} does not guard its rows any more.` }
    : { ...place, expected: `runs ${expected.function}`, actual: `runs ${actual.function}`, message: `The trigger ${object} on ${table} fires otherwise than it should: at other times, on other columns, or with another function.` };
}

/** One that runs before the row is written may change it or drop it; one that runs after can only fail. */
function extra(table: string, object: string, trigger: Trigger): Finding {
  const swallows = (trigger.type & ROW_LEVEL_BEFORE) === ROW_LEVEL_BEFORE || (trigger.type & INSTEAD_OF) !== 0;
  return {
    kind: 'TRIGGER',
    table,
    object,
    effect: swallows ? 'LOST_WRITE' : 'LATENT',
    actual: `runs ${trigger.function}`,
    rights: [...rightsByTriggerBit].filter(([bit]) => (trigger.type & bit) !== 0).map(([, right]) => right),
    message: swallows
      ? `The trigger ${object} on ${table} is not ours and runs ${trigger.function} before rows are written: it can change them or make them vanish.`
      : `The trigger ${object} on ${table} is not ours; it runs ${trigger.function} with every write.`,
  };
}

function extraRule(table: string, object: string, { event, instead }: Rule): Finding {
  const events: Record<string, string> = { 1: 'select', 2: 'update', 3: 'insert', 4: 'delete' };
  return {
    kind: 'RULE',
    table,
    object,
    effect: instead ? 'LOST_WRITE' : 'LATENT',
    actual: `on ${events[event]} do ${instead ? 'instead' : 'also'}`,
    rights: [String(events[event]).toUpperCase()],
    message: instead
      ? `The rule ${object} replaces every ${events[event]} on ${table} by something else: what we write vanishes without an error.`
      : `The rule ${object} adds a statement to every ${events[event]} on ${table}.`,
  };
}
