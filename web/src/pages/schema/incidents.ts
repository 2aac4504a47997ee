import type { DriftEffect, DriftFragment } from '../../graphql/graphql.ts';
import { words } from '../../parts/format.ts';
import type { ToneName } from '../../parts/Tone.tsx';
import type { SchemaSearch } from './search.ts';

/** A difference with the ones that it explains. */
export interface Incident {
  cause: DriftFragment;
  consequences: DriftFragment[];
  /** the worst of them all */
  effect: DriftEffect;
  /** of them all */
  affects: string[];
}

/** What each effect does to people, the most urgent first: the order of the contract. */
export const effects: Record<DriftEffect, { says: string; tone: ToneName }> = {
  LOST_WRITE: { says: 'Writes vanish without an error', tone: 'bad' },
  CORRUPTION: { says: 'Data may be corrupted or lost after a crash', tone: 'bad' },
  SILENT: { says: 'Wrong or missing data without an error', tone: 'bad' },
  FAILS: { says: 'Reads and writes fail', tone: 'bad' },
  READ_FAILS: { says: 'Reads fail', tone: 'bad' },
  WRITE_FAILS: { says: 'Writes fail', tone: 'bad' },
  SLOW: { says: 'Works, slower', tone: 'warn' },
  LATENT: { says: 'The next deploy fails', tone: 'warn' },
  NONE: { says: 'No effect', tone: 'quiet' },
};

const urgency = Object.keys(effects) as DriftEffect[];

/** Differences by urgency, each consequence under its cause, however far down the chain. */
export function incidents(drift: readonly DriftFragment[]): Incident[] {
  const byId = new Map(drift.map((one) => [one.id, one]));
  const rootOf = (one: DriftFragment, seen: readonly string[] = []): DriftFragment => {
    const cause = one.causedBy === null || seen.includes(one.id) ? undefined : byId.get(one.causedBy);
    return cause ? rootOf(cause, [...seen, one.id]) : one;
  };
  const roots = new Map(drift.map((one) => [one.id, rootOf(one)]));
  return drift
    .filter((one) => roots.get(one.id) === one)
    .map((cause) => incidentOf(cause, drift.filter((one) => one !== cause && roots.get(one.id) === cause)))
    .sort((one, other) => urgency.indexOf(one.effect) - urgency.indexOf(other.effect));
}

function incidentOf(cause: DriftFragment, consequences: DriftFragment[]): Incident {
  const all = [cause, ...consequences];
  const worst = Math.min(...all.map(({ effect }) => urgency.indexOf(effect)));
  return { cause, consequences, effect: urgency[worst] ?? cause.effect, affects: [...new Set(all.flatMap(({ affects }) => affects))] };
}

/** Those that the filters let through: of that severity, and with the text in anything that is said of them. */
export function filtered(found: readonly Incident[], { q, severity }: SchemaSearch): Incident[] {
  const text = q?.toLowerCase();
  return found.filter(({ cause, consequences }) => {
    const all = [cause, ...consequences];
    if (severity && !all.some((one) => one.severity === severity)) return false;
    return !text || all.some((one) => saidOf(one).toLowerCase().includes(text));
  });
}

function saidOf({ id, kind, message, expected, actual, evidence, sqlState, affects, change }: DriftFragment): string {
  return [id, words(kind), message, expected, actual, evidence, sqlState, ...affects, change?.user, change?.applicationName, change?.statement].join('\n');
}

/** "jobs.drafts_created", "jobs_status on jobs"; empty where the kind says all. */
export function placeOf({ table, column, object }: Pick<DriftFragment, 'table' | 'column' | 'object'>): string {
  if (column === null && object !== null) return table === null ? object : `${object} on ${table}`;
  return [table, column].filter(Boolean).join('.');
}
