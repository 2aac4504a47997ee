import type { RepairStep, SchemaDrift } from '../report.ts';

/**
 * Whether a step rests on another one before it: it belongs to the same difference, or to a consequence of it. What
 * was not done makes it pointless.
 */
export function restsOn(step: RepairStep, earlier: RepairStep, drift: readonly SchemaDrift[]): boolean {
  const causes = new Map(drift.map(({ id, causedBy }) => [id, causedBy]));
  const concerned = step.resolves.flatMap((id) => withCauses(id, causes));
  return earlier.resolves.some((id) => concerned.includes(id));
}

function withCauses(id: string, causes: ReadonlyMap<string, string | null>): string[] {
  const found = [id];
  for (let next = causes.get(id); next && !found.includes(next); next = causes.get(next)) found.push(next);
  return found;
}
