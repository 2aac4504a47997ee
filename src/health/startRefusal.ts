import { nameOf } from './features.ts';
import { stopsOperations } from './finding.ts';
import type { SchemaHealthReport } from './report.ts';
import { mendingCommand } from './verdict.ts';

const SHOWN = 8;

/**
 * Why a server may not start on this schema, naming what is missing, the operations that cannot work and the command
 * that mends it; null when it may. DEGRADE always may.
 */
export function startRefusal(report: SchemaHealthReport): string | null {
  const { status, policy, error, drift } = report;
  if (policy === 'DEGRADE') return null;
  if (status === 'UNREACHABLE') return error;
  const stopping = drift.filter(stopsOperations);
  if (stopping.length === 0) return null;

  const causes = stopping.filter(({ causedBy }) => causedBy === null || !stopping.some(({ id }) => id === causedBy));
  const affected = [...new Set(stopping.flatMap(({ affects }) => affects))].sort(mutationsFirst);
  const command = mendingCommand(drift);
  return [
    `The server does not start, because the schema cannot work and SCHEMA_POLICY is ${policy.toLowerCase()}:`,
    ...causes.slice(0, SHOWN).map((cause) => `  ${nameOf(cause)}: ${cause.message}`),
    ...(causes.length > SHOWN ? [`  and ${causes.length - SHOWN} more differences`] : []),
    ...(affected.length > 0 ? [`Operations that cannot work: ${affected.slice(0, SHOWN).join(', ')}${affected.length > SHOWN ? ` and ${affected.length - SHOWN} more` : ''}.`] : []),
    command === null ? 'See "outrider schema check" for what to do.' : `Mend it by "${command}"; "outrider schema check" shows more.`,
  ].join('\n');
}

function mutationsFirst(a: string, b: string): number {
  const rank = (coordinate: string) => ['Mutation.', 'Query.', 'Subscription.'].findIndex((type) => coordinate.startsWith(type)) >>> 0;
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}
