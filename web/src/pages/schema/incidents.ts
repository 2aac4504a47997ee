import type { DriftEffect, DriftFragment, SchemaHealthQuery } from '../../graphql/graphql.ts';
import { words } from '../../parts/format.ts';
import type { ToneName } from '../../parts/Tone.tsx';

type Health = SchemaHealthQuery['schemaHealth'];

/** A difference with the ones that it explains. */
export type Incident = { cause: DriftFragment; consequences: DriftFragment[] };

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

/** Differences by urgency, each consequence under its cause. */
export function incidents(drift: readonly DriftFragment[]): Incident[] {
  const known = new Set(drift.map(({ id }) => id));
  const isCause = ({ causedBy }: DriftFragment) => causedBy === null || !known.has(causedBy);
  return drift
    .filter(isCause)
    .map((cause) => ({ cause, consequences: drift.filter(({ causedBy }) => causedBy === cause.id) }))
    .sort((one, other) => worst(one) - worst(other));
}

function worst({ cause, consequences }: Incident): number {
  return Math.min(...[cause, ...consequences].map(({ effect }) => urgency.indexOf(effect)));
}

/** The check as text for a chat or a ticket. */
export function incidentSummary(health: Health): string {
  const lines = [`Schema ${health.status}: ${health.summary}`, `Checked ${health.checkedAt}`];
  if (health.database) lines.push(`Database ${health.database.name}, PostgreSQL ${health.database.version}, as ${health.database.user}`);
  if (health.migrations) lines.push(`Migrations: at ${health.migrations.head ?? 'nothing'}, expected ${health.migrations.expectedHead}`);
  if (health.error) lines.push(health.error);
  for (const { cause, consequences } of incidents(health.drift)) {
    lines.push('', `- ${cause.message} (${words(cause.kind)}; ${effects[cause.effect].says.toLowerCase()})`);
    if (cause.affects.length > 0) lines.push(`  affects ${cause.affects.join(', ')}`);
    for (const { message } of consequences) lines.push(`  - ${message}`);
  }
  for (const { object, reason } of health.unverified) lines.push('', `Not verified: ${object}: ${reason}`);
  return lines.join('\n');
}
