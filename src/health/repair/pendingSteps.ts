import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { migrate, MigrationError, MigrationLockedError } from '../../migrate/migrate.ts';
import type { RepairStep } from '../report.ts';

/** The pending migrations as steps, in order. @throws {UserErrors} SCHEMA_NOT_READY when the history contradicts this version */
export async function pendingSteps(ownerUrl: string): Promise<RepairStep[]> {
  const { pending } = await migrate({ url: ownerUrl, dryRun: true }).catch((error: Error) => {
    throw asUserError(error);
  });
  return pending.map(({ name, statements, transactional }) => ({
    id: `MIGRATION_PENDING:${name}`,
    sql: statements.map((statement) => `${statement};`).join('\n'),
    risk: 'CAUTION',
    lock: 'ACCESS EXCLUSIVE',
    note: transactional ? 'All of it or nothing: one transaction.' : 'Statement by statement; interrupted, it goes on from there the next time.',
    estimatedMs: null,
    undo: null,
    resolves: [`MIGRATION_PENDING:${name}`],
    error: null,
  }));
}

/** What migrating says is for people to read, and names what to do. */
export function asUserError(error: Error): Error {
  if (error instanceof MigrationLockedError) return new UserErrors({ code: UserErrorCode.CONFLICT, message: 'Another repair or migration is running: wait for its end.' });
  return error instanceof MigrationError ? new UserErrors({ code: UserErrorCode.SCHEMA_NOT_READY, message: error.message }) : error;
}
