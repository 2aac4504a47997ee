import { nameOf } from './features.ts';
import type { DriftEffect, SchemaDrift, SchemaHealthReport, SchemaStatus } from './report.ts';

type Judged = Pick<SchemaHealthReport, 'drift' | 'unverified' | 'migrations'>;

/** READY says that everything was read and nothing differs; nothing less does. */
export function statusOf({ drift, unverified, migrations }: Judged): SchemaStatus {
  if (drift.some(({ severity }) => severity === 'BREAKING')) return 'BROKEN';
  if (drift.some(({ kind }) => kind !== 'MIGRATION_IN_PROGRESS')) return 'DRIFTED';
  return unverified.length > 0 || migrations === null ? 'UNVERIFIED' : 'READY';
}

/** One sentence: the verdict and the first thing to do. */
export function summarise(judged: Judged): string {
  const { drift, unverified, migrations } = judged;
  const first = drift.find(({ causedBy }) => causedBy === null) ?? drift[0];
  switch (statusOf(judged)) {
    case 'READY':
      return `The schema is as ${migrations?.expectedHead} makes it.`;
    case 'UNVERIFIED':
      return `Nothing wrong was found, but ${unverified.map(({ object }) => object).join(', ') || 'the migration history'} could not be read; check again.`;
    case 'BROKEN':
      return `${alarms[first?.effect ?? 'NONE'] ?? ''}${countOf(drift)}; ${firstStep(drift, first)}`;
    default:
      return `Every operation works, but ${countOf(drift)}; ${firstStep(drift, first)}`;
  }
}

/** What cannot wait, and what nobody would notice. */
const alarms: Partial<Record<DriftEffect, string>> = {
  LOST_WRITE: 'writes vanish without an error: ',
  CORRUPTION: 'data is lost in a crash: ',
};

/**
 * The last migration that a later version of Outrider applied, after all of ours; null where there is none. What differs then
 * may be what that version needs: it is not mended, but left to it.
 */
export function aheadBy(drift: readonly SchemaDrift[]): string | null {
  return drift.filter(({ kind, causedBy }) => kind === 'MIGRATION_UNKNOWN' && causedBy === null).map(({ object }) => object ?? '').sort().at(-1) ?? null;
}

/** The command that mends what the report found; null where a person has to decide. */
export function mendingCommand(drift: readonly SchemaDrift[]): string | null {
  if (aheadBy(drift) !== null) return null;
  const ofHistory = historyCommands(drift);
  const isSafe = drift.some(({ fixes }) => fixes.some(({ risk }) => risk === 'SAFE'));
  // What operations lack comes before what only the next deploy meets; what migrating brings is not repaired beside it.
  return [adopt, ...(isSafe ? [] : [mendHistory]), migrate].find((command) => ofHistory.includes(command)) ?? (isSafe ? 'outrider schema repair' : ofHistory[0] ?? null);
}

const adopt = 'outrider schema history --adopt';
const mendHistory = 'outrider schema history --repair';
const migrate = 'outrider migrate';

/** A difference of the history names the command that mends it, or that it stops, first in its message. */
function historyCommands(drift: readonly SchemaDrift[]): string[] {
  return drift
    .filter(({ kind, causedBy }) => causedBy === null && (kind.startsWith('MIGRATION_') || kind.startsWith('HISTORY_')))
    .flatMap(({ message }) => /[Rr]un "(outrider [^"]+)"/.exec(message)?.[1] ?? []);
}

function countOf(drift: readonly SchemaDrift[]): string {
  const causes = drift.filter(({ causedBy }) => causedBy === null);
  return causes.length === 1 ? `one thing differs (${causes.map(nameOf).join()})` : `${causes.length} things differ (${listOf(causes)})`;
}

function listOf(causes: readonly SchemaDrift[]): string {
  const names = [...new Set(causes.map(nameOf))];
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

function firstStep(drift: readonly SchemaDrift[], first: SchemaDrift | undefined): string {
  const ahead = aheadBy(drift);
  if (ahead !== null) return `the database is ahead of this version: run the version that applied ${ahead}, or a later one.`;
  const command = mendingCommand(drift);
  return command === null ? `begin with this: ${first?.message}` : `run "${command}".`;
}
