import type { SchemaPolicy } from '../config/environment.ts';
import type { Logger } from '../config/logger.ts';
import type { SchemaHealthMonitor, SchemaHealthReport } from '../health/health.ts';
import { startRefusal } from '../health/startRefusal.ts';
import { migrate } from '../migrate/migrate.ts';

/** The schema cannot work, and the policy says not to start; the message says what is missing and what mends it. */
export class SchemaNotReadyError extends Error {
  override readonly name = 'SchemaNotReadyError';
}

export interface SchemaAtStart {
  policy: SchemaPolicy;
  health: SchemaHealthMonitor;
  /** connects as the role that migrates */
  ownerUrl: string;
  log: Logger;
}

/**
 * What a start does with the schema, by SCHEMA_POLICY: migrates first (migrate), refuses what cannot work (strict and
 * migrate), or goes on and lets single operations answer SCHEMA_NOT_READY (degrade).
 *
 * @throws {SchemaNotReadyError}
 */
export async function checkSchemaAtStart({ policy, health, ownerUrl, log }: SchemaAtStart): Promise<SchemaHealthReport> {
  if (policy === 'migrate') await migrate({ url: ownerUrl, log: (line) => log.info(line), appliedBy: 'outrider serve' });
  const report = await health.check({ refresh: true });
  const { status, summary, migrations } = report;
  log.info({ status, policy, head: migrations?.head, expectedHead: migrations?.expectedHead, summary }, 'schema checked');
  const refusal = startRefusal(report);
  if (refusal !== null) throw new SchemaNotReadyError(refusal);
  return report;
}
