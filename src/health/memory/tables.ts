import type { Finding } from '../finding.ts';

/** What schema health remembers by. */
const tables = new Set(['schema_changes', 'schema_drifts', 'schema_past_drifts', 'schema_repairs']);

/** No operation of the pipeline needs them: what is wrong with them stops nothing. */
export function asMemory(finding: Finding): Finding {
  const isMemory = finding.table !== undefined && tables.has(finding.table);
  return isMemory && finding.effect !== 'NONE' && finding.effect !== 'SLOW' ? { ...finding, effect: 'LATENT' } : finding;
}
