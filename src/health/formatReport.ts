import { nameOf } from './features.ts';
import { byType, shortened, wrapped } from './terminal.ts';
import type { Blocker } from './liveCatalog.ts';
import type { FeatureHealth, SchemaDrift, SchemaHealthReport } from './report.ts';

const LABEL = 12;
/** causes; what is more is counted, and in the JSON */
const CAUSES = 12;
/** steps of a fix; `outrider schema repair` shows the plan */
const STEPS = 3;

/** The report for a terminal: the verdict and what to do, the surroundings, then every cause with what follows from it. */
export function formatReport(report: SchemaHealthReport): string {
  const sections = [headline(report), surroundings(report), unread(report), ...differences(report), harmless(report), plan(report)];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline({ status, summary }: SchemaHealthReport): string {
  return wrapped(`${status}  ${summary}`, status.length + 2);
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

function differences({ drift, features, checkedAt }: SchemaHealthReport): string[] {
  const causes = causesIn(drift).filter(({ effect }) => effect !== 'NONE');
  const rest = causes.length - CAUSES;
  return [
    ...causes.slice(0, CAUSES).map((cause, index) => difference(`${index + 1}. `, cause, followersOf(cause, drift), features, checkedAt)),
    ...(rest > 0 ? [`and ${rest} more, less urgent; "outrider schema check --json" has them all`] : []),
  ];
}

function causesIn(drift: readonly SchemaDrift[]): SchemaDrift[] {
  const known = new Set(drift.map(({ id }) => id));
  return drift.filter(({ causedBy }) => causedBy === null || !known.has(causedBy));
}

/** All that follows from it, directly or not. */
function followersOf({ id }: SchemaDrift, drift: readonly SchemaDrift[]): SchemaDrift[] {
  return drift.filter(({ causedBy }) => causedBy === id).flatMap((follower) => [follower, ...followersOf(follower, drift)]);
}

function difference(number: string, cause: SchemaDrift, followers: readonly SchemaDrift[], features: readonly FeatureHealth[], now: Date): string {
  const all = [cause, ...followers];
  const down = features.filter(({ missing }) => all.some((drift) => missing.includes(nameOf(drift)))).map(({ feature }) => feature.toLowerCase().replaceAll('_', ' '));
  const affected = [...new Set(all.flatMap(({ affects }) => affects))];
  const title = `${number}${cause.effect}  `;
  return [
    wrapped(`${title}${cause.message}`, 3),
    ...(down.length > 0 ? [line('takes down', down.join(', '))] : []),
    ...(affected.length > 0 ? [line('affects', byType(affected))] : []),
    ...(cause.evidence === null ? [] : [line('rows', cause.evidence)]),
    ...origin(cause, now),
    ...mending(cause),
    ...(followers.length > 0 ? [line('so also', shortened(followers.map(({ id }) => id.replace(/\(.*\)$/, '()'))))] : []),
  ].join('\n');
}

/** When it was first seen, and who did it. */
function origin({ since, change }: SchemaDrift, now: Date): string[] {
  const lines = since === null ? [] : [line('since', `${clock(since)}, ${ago(now.getTime() - since.getTime())} ago`)];
  if (change === null) return lines;
  const { at, user, applicationName, statement } = change;
  const who = `${user}${applicationName ? ` with ${applicationName}` : ''}`;
  return [...lines, line('done by', `${who} at ${clock(at)}${statement === null ? '' : `: ${cut(statement.replaceAll(/\s+/g, ' '))}`}`)];
}

function mending({ fixes }: SchemaDrift): string[] {
  const rest = fixes.length - STEPS;
  return [
    ...fixes.slice(0, STEPS).flatMap(({ sql, risk, note }, index) => [
      `  ${(index === 0 ? 'fix' : 'then').padEnd(LABEL)}${cut(sql.replaceAll(/\s+/g, ' '))}`,
      ...(risk === 'SAFE' ? [] : [line('', [`${risk}, not run by itself`, ...(note === null ? [] : [note])].join(': '))]),
    ]),
    ...(rest > 0 ? [line('', `and ${rest} more ${rest === 1 ? 'step' : 'steps'}; "outrider schema repair" shows them whole`)] : []),
  ];
}

function harmless({ drift }: SchemaHealthReport): string {
  const names = causesIn(drift).filter(({ effect }) => effect === 'NONE').map(({ id }) => id);
  return names.length === 0 ? '' : line('harmless', shortened(names));
}

function plan({ repairPlan, planHash }: SchemaHealthReport): string {
  const safe = repairPlan.filter(({ risk }) => risk === 'SAFE').length;
  if (safe === 0 || planHash === null) return '';
  return line('run', `outrider schema repair --apply ${planHash}  (${safe === 1 ? 'the one SAFE step' : `the ${safe} SAFE steps`})`);
}

function unread({ unverified, blockers }: SchemaHealthReport): string {
  const byReason = Map.groupBy(unverified, ({ reason }) => reason);
  return [
    ...[...byReason].map(([reason, parts]) => line('not read', `${shortened(parts.map(({ object }) => object))}: ${reason}`)),
    ...blockers.map((blocker) => line('held by', holder(blocker))),
  ].join('\n');
}

function holder({ pid, preparedTransaction, user, applicationName, objects, query, heldForMs }: Blocker): string {
  const who = pid === null ? `the prepared transaction ${preparedTransaction}` : `process ${pid} (${[user, applicationName || 'unnamed'].filter(Boolean).join(', ')})`;
  const since = heldForMs === null ? '' : ` for ${ago(heldForMs)}`;
  const end = pid === null ? `; "rollback prepared '${preparedTransaction}'" ends it` : `; "select pg_terminate_backend(${pid})" ends it`;
  return `${who} holds ${shortened(objects)}${since}${query ? `: ${cut(query.replaceAll(/\s+/g, ' '))}` : ''}${end}`;
}

function line(label: string, text: string): string {
  return wrapped(`  ${label.padEnd(LABEL)}${text}`, LABEL + 2);
}

const cut = (text: string): string => (text.length > 160 ? `${text.slice(0, 159)}…` : text);

const clock = (date: Date): string => `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
}
