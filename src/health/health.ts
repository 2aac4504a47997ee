export type * from './report.ts';
export type { MissingParts, OperationMap, SchemaHealthMonitor, SchemaHealthOptions } from './monitor.ts';
