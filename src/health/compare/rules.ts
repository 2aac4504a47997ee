import type { Relation, Rule } from '../catalog.ts';
import type { Finding } from '../finding.ts';
import { pairUp } from './pairUp.ts';
import { normalised } from './sqlText.ts';

const events: Record<string, string> = { 1: 'select', 2: 'update', 3: 'insert', 4: 'delete' };

/** Rules of ours that are gone, off or different; and other people's, which may swallow writes. */
export function compareRules(table: string, expected: Relation, actual: Relation): Finding[] {
  const pairs = pairUp(expected.rules, actual.rules, same, (a, b) => a.event === b.event && a.instead === b.instead);
  const place = (object: string) => ({ kind: 'RULE', table, object }) as const;
  return [
    ...pairs.missing.filter(({ expected: rule }) => fires(rule)).map(({ name, expected: rule }): Finding => ({
      ...place(name), part: { ours: name }, lost: `${table}#${name}`, effect: rule.instead ? 'SILENT' : 'LOST_WRITE', expected: describe(rule), actual: 'missing',
      message: `The rule ${name} on ${table} is missing: an ${events[rule.event]} does what the rule replaced, or not what it added.`,
    })),
    ...pairs.different.map(({ name, expected: wanted, actualName, actual: found }): Finding => ({
      ...place(actualName), part: { ours: name, theirs: actualName }, effect: fires(found) && swallows(found) ? 'LOST_WRITE' : 'SILENT', expected: fires(found) ? describe(wanted) : 'enabled', actual: fires(found) ? describe(found) : 'disabled',
      message: fires(found) ? `The rule ${actualName} on ${table} is another one: ${describe(found)}.` : `The rule ${actualName} on ${table} is disabled: an ${events[wanted.event]} does what the rule replaced, or not what it added.`,
    })),
    ...pairs.extra.filter(({ actual: rule }) => fires(rule)).map(({ name, actual: rule }) => ({ ...extra(table, name, rule), part: { theirs: name } })),
  ];
}

function same(a: Rule, b: Rule): boolean {
  const unread = a.action === null || b.action === null;
  return a.event === b.event && a.instead === b.instead && fires(a) === fires(b) && (unread || normalised(a.action ?? '') === normalised(b.action ?? ''));
}

function fires({ enabled }: Rule): boolean {
  return enabled === 'O' || enabled === 'A';
}

function swallows({ instead, action }: Rule): boolean {
  return instead && /\bDO INSTEAD NOTHING$/.test(normalised(action ?? ''));
}

function describe({ event, instead, action }: Rule): string {
  return action === null ? `on ${events[event]} do ${instead ? 'instead' : 'also'}` : `on ${normalised(action)}`;
}

function extra(table: string, object: string, rule: Rule): Finding {
  const { event, instead } = rule;
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
