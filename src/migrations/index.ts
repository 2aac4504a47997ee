import { Migration0001Pipeline } from './0001_pipeline.ts';
import { Migration0002Queue } from './0002_queue.ts';
import { Migration0003SchemaHealth } from './0003_schema_health.ts';
import { Migration0004Outreach } from './0004_outreach.ts';
import { Migration0005LargeTables } from './0005_large_tables.ts';
import { Migration0006CountPipeline } from './0006_count_pipeline.ts';
import { Migration0007KeyUse } from './0007_key_use.ts';

/** Every migration in the order in which it is applied. Never edit, reorder or remove one that has landed. */
export const migrations = [Migration0001Pipeline, Migration0002Queue, Migration0003SchemaHealth, Migration0004Outreach, Migration0005LargeTables, Migration0006CountPipeline, Migration0007KeyUse];
