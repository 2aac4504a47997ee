import type { StepFragment } from '../../graphql/graphql.ts';
import type { Health } from './useHealth.ts';

/** Migrations that migrating would apply, or go on with. */
export function pendingOf({ migrations }: Pick<Health, 'migrations'>) {
  return migrations?.migrations.filter(({ state }) => state === 'PENDING' || state === 'HALF_APPLIED') ?? [];
}

/** The name of the migration that a step applies; undefined for a step of a repair. */
export function migrationOf({ id }: Pick<StepFragment, 'id'>): string | undefined {
  return /^MIGRATION_PENDING:(.+)$/.exec(id)?.[1];
}
