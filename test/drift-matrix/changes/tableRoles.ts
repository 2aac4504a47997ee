import type { DriftEffect } from '../../../src/health/health.ts';
import type { Table } from '../inventory.ts';

/** Tables of schema health itself: without them it remembers less, and everything else works. */
const memory = ['schema_drifts', 'schema_changes', 'schema_past_drifts', 'schema_repairs'];

/** What the server does with a table, where it is less than all. */
const rights: Record<string, string[]> = {
  schema_migrations: ['SELECT'],
  activities: ['SELECT', 'INSERT'],
  schema_changes: ['SELECT'],
  schema_drifts: ['SELECT', 'INSERT', 'DELETE'],
  schema_past_drifts: ['SELECT', 'INSERT', 'DELETE'],
  schema_repairs: ['SELECT', 'INSERT', 'UPDATE'],
};

export function isHistory({ name }: Table): boolean {
  return name === 'schema_migrations';
}

/** How urgent it has to be, at least, when the effect is as on a table of the pipeline. */
export function leastOf({ id }: Table, effect: DriftEffect): DriftEffect {
  return memory.includes(id) ? 'LATENT' : effect;
}

export function rightsNeeded({ id }: Table): string[] {
  return rights[id] ?? ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];
}
