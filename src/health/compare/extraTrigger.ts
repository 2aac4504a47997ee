import type { Routine, Trigger } from '../catalog.ts';
import type { LiveCatalog } from '../liveCatalog.ts';
import type { Finding } from '../finding.ts';
import { BEFORE, describeTrigger, eventsOf, INSTEAD, ROW } from './triggerBits.ts';

/**
 * A trigger that is not ours. One that runs before a row is written may change it or, answering NULL, make it vanish; one
 * that runs after can only fail or write elsewhere. What its function says tells which, where it can be read.
 */
export function extraTrigger(table: string, object: string, trigger: Trigger, functions: LiveCatalog['functions']): Finding {
  const events = eventsOf(trigger);
  const rights = events.filter((event) => event !== 'TRUNCATE');
  const place = { kind: 'TRIGGER', table, object, actual: `${describeTrigger(trigger)} runs ${trigger.function}`, rights } as const;
  const who = `The trigger ${object} on ${table} is not ours`;
  if (rights.length === 0) return { ...place, effect: 'NONE', message: `${who}; it fires on TRUNCATE only, which we never do.` };
  const routine = functions[`${trigger.function}()`];
  const beforeRows = (trigger.type & ROW) !== 0 && (trigger.type & (BEFORE | INSTEAD)) !== 0;
  if (beforeRows && !trigger.function.startsWith('pg_catalog.') && mayDrop(routine, events)) {
    return { ...place, effect: 'LOST_WRITE', message: `${who} and runs ${trigger.function} before rows are written: it can make them vanish without an error. Disable it, and ask who made it.` };
  }
  if (routine?.body && /\braise\s+(exception|sqlstate|')|\braise\s+\w+\s*(;|using)/i.test(bare(routine.body))) {
    return { ...place, effect: 'WRITE_FAILS', sqlState: 'P0001', message: `${who} and runs ${trigger.function}, which refuses writes: ${events.join(', ')} may fail. Ask who made it.` };
  }
  if (beforeRows) return { ...place, effect: 'SILENT', message: `${who} and runs ${trigger.function} before rows are written: it can change them. Ask who made it.` };
  return { ...place, effect: 'LATENT', message: `${who}; it runs ${trigger.function} with every ${events.join(' or ')}, which fails when it does.` };
}

/** Answers NULL, or for a DELETE the new row, which is none. A function that cannot be read may do so too, but for those in C. */
function mayDrop(routine: Routine | undefined, events: readonly string[]): boolean {
  if (!routine?.body) return true;
  if (routine.language === 'c' || routine.language === 'internal') return false;
  const body = bare(routine.body);
  if (routine.language !== 'plpgsql' || /\breturn\s+null\b/i.test(body)) return true;
  const rows = [...body.matchAll(/\breturn\s+(\w+)/gi)].map((match) => match[1]?.toLowerCase());
  // A row in a variable may be anything.
  return rows.length === 0 || rows.some((row) => row !== 'new' && row !== 'old' && row !== 'coalesce') || (events.includes('DELETE') && rows.every((row) => row === 'new')) || (events.includes('INSERT') && rows.every((row) => row === 'old'));
}

/** without comments and literals */
function bare(body: string): string {
  return body.replaceAll(/--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'/g, (text) => (text.startsWith("'") ? "''" : ' '));
}
