import { nameOf, stops } from './features.ts';
import type { SchemaHealthReport } from './report.ts';
import { byType, wrapped } from './terminal.ts';
import { aheadBy, mendingCommand } from './verdict.ts';

const SHOWN = 8;

/**
 * Why a server may not start on this schema, naming what is missing, the operations that cannot work and the command
 * that mends it; null when it may. DEGRADE always may.
 */
export function startRefusal(report: SchemaHealthReport): string | null {
  const { status, policy, error, drift } = report;
  if (policy === 'DEGRADE') return null;
  if (status === 'UNREACHABLE') return error;
  const stopping = drift.filter(stops);
  if (stopping.length === 0) return null;

  const causes = stopping.filter(({ causedBy }) => causedBy === null || !stopping.some(({ id }) => id === causedBy));
  const affected = [...new Set(stopping.flatMap(({ affects }) => affects))];
  const command = mendingCommand(drift);
  const ahead = aheadBy(drift);
  return [
    wrapped(`The server does not start, because the schema cannot work and SCHEMA_POLICY is ${policy.toLowerCase()}:`, 2),
    ...causes.slice(0, SHOWN).map((cause) => wrapped(`  ${nameOf(cause)}: ${cause.message}`, 4)),
    ...(causes.length > SHOWN ? [`  and ${causes.length - SHOWN} more differences`] : []),
    ...(affected.length > 0 ? [wrapped(`Operations that cannot work: ${byType(affected)}.`, 2)] : []),
    wrapped(ahead !== null ? `The database is ahead of this version: run the version that applied ${ahead}, or a later one.` : command === null ? 'See "outrider schema check" for what to do.' : `Mend it by "${command}"; "outrider schema check" shows more.`, 2),
    'To serve meanwhile what does work, start with SCHEMA_POLICY=degrade.',
  ].join('\n');
}
