import type { SchemaHealthMonitor, SchemaHealthOptions } from './monitor.ts';
import { SchemaHealth } from './schemaHealth.ts';

export { recordDrifts } from './memory/recordDrifts.ts';
export type * from './report.ts';
export type { OperationMap, SchemaHealthMonitor, SchemaHealthOptions } from './monitor.ts';

/**
 * Watches the schema of the database at `url` against the one that the migrations of this build make. It has a
 * connection and a deadline of its own, so it answers when the pool is exhausted and when the database hangs.
 */
export function createSchemaHealth(options: SchemaHealthOptions): SchemaHealthMonitor {
  return new SchemaHealth(options);
}
