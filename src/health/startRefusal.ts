import { stops } from './features.ts';
import type { SchemaHealthReport } from './report.ts';
import { wrapped } from './terminal.ts';
import { aheadBy, mendingCommand } from './verdict.ts';
import { whatStops } from './whatStops.ts';

/**
 * Why a server may not start on this schema, naming what is missing, the operations that cannot work and the command
 * that mends it; null when it may. DEGRADE always may.
 */
export function startRefusal(report: SchemaHealthReport): string | null {
  const { status, policy, error, drift } = report;
  if (policy === 'DEGRADE') return null;
  if (status === 'UNREACHABLE') return error;
  if (!drift.some(stops)) return null;

  const command = mendingCommand(drift);
  const ahead = aheadBy(drift);
  return [
    wrapped(`The server does not start, because the schema cannot work and SCHEMA_POLICY is ${policy.toLowerCase()}:`, 2),
    ...whatStops(drift),
    wrapped(ahead !== null ? runLater(ahead) : command === null ? 'See "outrider schema check" for what to do.' : `Mend it by "${command}"; "outrider schema check" shows more.`, 2),
    'To serve meanwhile what does work, start with SCHEMA_POLICY=degrade.',
  ].join('\n');
}

/**
 * Why migrating may not pass for done where a later version has migrated: what this version needs is not there, or could
 * not be looked at. Null where a server would start, and where the database is not ahead.
 */
export function aheadRefusal({ status, error, drift }: Pick<SchemaHealthReport, 'status' | 'error' | 'drift'>): string | null {
  if (status === 'UNREACHABLE') return error;
  const ahead = aheadBy(drift);
  if (ahead === null || !drift.some(stops)) return null;
  return ['This version cannot work on it, because what it needs is not there:', ...whatStops(drift), wrapped(runLater(ahead), 2)].join('\n');
}

function runLater(ahead: string): string {
  return `The database is ahead of this version: run the version that applied ${ahead}, or a later one.`;
}
