import type { FeatureHealth, SchemaDrift, SchemaHealthReport } from './report.ts';

const LABEL = 12;
const SHOWN = 6;

/** The report for a terminal: the verdict, the surroundings, then every cause with what follows from it. */
export function formatReport(report: SchemaHealthReport): string {
  const sections = [headline(report), surroundings(report), ...differences(report), unread(report)];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline({ status, summary }: SchemaHealthReport): string {
  return `${status}  ${summary}`;
}

function surroundings({ database, migrations, features, durationMs }: SchemaHealthReport): string {
  const lines: string[] = [];
  if (database) lines.push(line('database', `${database.name} as ${database.user}, PostgreSQL ${database.version}, read in ${Math.round(durationMs)} ms`));
  if (migrations) lines.push(line('migrations', migrations.upToDate ? `${migrations.head}, up to date` : `at ${migrations.head ?? 'nothing'}, expected ${migrations.expectedHead}`));
  if (database) lines.push(line('features', features.map(featureLine).join('  ')));
  return lines.join('\n');
}

function featureLine({ feature, ready }: FeatureHealth): string {
  return `${ready ? '✓' : '✗'} ${feature.toLowerCase().replaceAll('_', ' ')}`;
}

function differences({ drift }: SchemaHealthReport): string[] {
  const known = new Set(drift.map(({ id }) => id));
  const isCause = ({ causedBy }: SchemaDrift) => causedBy === null || !known.has(causedBy);
  return drift.filter(isCause).map((cause) => difference(cause, followersOf(cause, drift)));
}

/** All that follows from it, directly or not. */
function followersOf({ id }: SchemaDrift, drift: readonly SchemaDrift[]): SchemaDrift[] {
  return drift.filter(({ causedBy }) => causedBy === id).flatMap((follower) => [follower, ...followersOf(follower, drift)]);
}

function difference(cause: SchemaDrift, followers: readonly SchemaDrift[]): string {
  return [
    `${cause.effect}  ${cause.message}`,
    ...(cause.affects.length > 0 ? [line('affects', shortened(cause.affects))] : []),
    ...cause.fixes.map(({ sql, risk }, index) => line(index === 0 ? 'fix' : '', `${sql.replaceAll(/\s+/g, ' ')}${risk === 'SAFE' ? '' : `  -- ${risk}`}`)),
    ...(followers.length > 0 ? [line('so also', shortened(followers.map(({ id }) => id)))] : []),
  ].join('\n');
}

function unread({ unverified, blockers }: SchemaHealthReport): string {
  return [
    ...unverified.map(({ object, reason }) => line('not read', `${object}: ${reason}`)),
    ...blockers.map(({ pid, preparedTransaction, applicationName, objects, query }) => {
      const holder = pid === null ? `prepared transaction ${preparedTransaction}` : `process ${pid} (${applicationName || 'unnamed'})`;
      return line('held by', `${holder}, ${objects.join(', ')}${query ? `: ${query}` : ''}`);
    }),
  ].join('\n');
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(LABEL)}${text}`;
}

function shortened(list: readonly string[]): string {
  const rest = list.length - SHOWN;
  return list.slice(0, SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
