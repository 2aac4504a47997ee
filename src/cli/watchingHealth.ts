import { closeConnections } from '../app/closeConnections.ts';
import { operationMap } from '../app/operations.ts';
import type { SchemaPolicy } from '../config/environment.ts';
import { createOrm } from '../database/createOrm.ts';
import { createSchemaHealth, type SchemaHealthMonitor, type SchemaHealthOptions, type SchemaHealthReport } from '../health/health.ts';

export interface WatchingHealthOptions extends Pick<SchemaHealthOptions, 'deadline'> {
  url: string;
  schemaPolicy: SchemaPolicy | undefined;
}

/** Schema health for a command, for as long as `work` takes; it connects when it is first asked. */
export async function watchingHealth<Result>({ url, schemaPolicy, deadline }: WatchingHealthOptions, work: (health: SchemaHealthMonitor) => Promise<Result>): Promise<Result> {
  // It connects to nothing here: only what it knows about columns is asked.
  const orm = await createOrm({ url });
  const quiet = { info: () => {}, warn: () => {} };
  const policy = (schemaPolicy ?? 'strict').toUpperCase() as SchemaHealthReport['policy'];
  const health = createSchemaHealth({ url, policy, operations: operationMap(orm), log: quiet, ...(deadline === undefined ? {} : { deadline }) });
  try {
    return await work(health);
  } finally {
    await health.close();
    await closeConnections(orm.close(true));
  }
}
