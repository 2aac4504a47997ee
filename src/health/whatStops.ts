import { nameOf, stops } from './features.ts';
import type { SchemaDrift } from './report.ts';
import { byType, wrapped } from './terminal.ts';

const SHOWN = 8;

/** Lines for a terminal: what is missing, causes only, and the operations that cannot work; none where all of them can. */
export function whatStops(drift: readonly SchemaDrift[]): string[] {
  const stopping = drift.filter(stops);
  const causes = stopping.filter(({ causedBy }) => causedBy === null || !stopping.some(({ id }) => id === causedBy));
  const affected = [...new Set(stopping.flatMap(({ affects }) => affects))];
  return [
    ...causes.slice(0, SHOWN).map((cause) => wrapped(`  ${nameOf(cause)}: ${cause.message}`, 4)),
    ...(causes.length > SHOWN ? [`  and ${causes.length - SHOWN} more differences`] : []),
    ...(affected.length > 0 ? [wrapped(`Operations that cannot work: ${byType(affected)}.`, 2)] : []),
  ];
}
