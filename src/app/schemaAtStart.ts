import type { SchemaPolicy } from '../config/environment.ts';
import type { Logger } from '../config/logger.ts';
import type { SchemaHealthMonitor, SchemaHealthReport } from '../health/health.ts';
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
  const works = status === 'READY' || status === 'DRIFTED' || status === 'UNVERIFIED';
  if (!works && policy !== 'degrade') throw new SchemaNotReadyError(refusal(report));
  return report;
}

function refusal({ status, summary, error, drift }: SchemaHealthReport): string {
  if (status === 'UNREACHABLE') return error ?? summary;
  const breaking = drift.filter(({ severity, causedBy }) => severity === 'BREAKING' && causedBy === null);
  const lines = breaking.map(({ message, affects }) => `  ${message}${affects.length > 0 ? `\n    affects ${affects.join(', ')}` : ''}`);
  return [`The server does not start, because SCHEMA_POLICY is strict. ${summary}`, ...lines].join('\n');
}
