import type { Trigger } from '../catalog.ts';

/** pg_trigger.tgtype */
export const ROW = 1;
export const BEFORE = 2;
export const INSTEAD = 64;
const events = new Map([[4, 'INSERT'], [8, 'DELETE'], [16, 'UPDATE'], [32, 'TRUNCATE']]);

/** INSERT, DELETE, UPDATE, TRUNCATE */
export function eventsOf({ type }: Trigger): string[] {
  return [...events].filter(([bit]) => (type & bit) !== 0).map(([, event]) => event);
}

/** such as "before INSERT or UPDATE for each row" */
export function describeTrigger(trigger: Trigger): string {
  const time = (trigger.type & INSTEAD) !== 0 ? 'instead of' : (trigger.type & BEFORE) !== 0 ? 'before' : 'after';
  return `${time} ${eventsOf(trigger).join(' or ')}${(trigger.type & ROW) !== 0 ? ' for each row' : ''}`;
}
