import { absolute, words } from '../../parts/format.ts';
import type { Health } from './useHealth.ts';
import { effects, incidents, placeOf, type Incident } from './incidents.ts';

const mostAffected = 8;

/**
 * The check as text for a chat or a ticket: the verdict, since when, what breaks, what the rows say, what to run.
 * @param now the newest answer
 * @param known what is known of the schema, which may be older than `now`
 */
export function incidentSummary(now: Health, known: Health): string {
  const { database, migrations } = known;
  const found = incidents(known.drift);
  return [
    `Outrider schema health: ${now.status}`,
    now.summary,
    ...(now === known ? [] : [`What is known is as of ${time(known.checkedAt)}: ${known.status}. ${known.summary}`]),
    '',
    ...found.flatMap((incident, place) => [...lines(incident, place + 1), '']),
    ...now.unverified.map(({ object, reason }) => `Not verified: ${object}: ${reason}`),
    ...now.blockers.map((blocker) => `Blocked by: ${who(blocker)}`),
    ...whatToRun(known),
    `Checked ${time(now.checkedAt)}, policy ${words(now.policy).toLowerCase()}`,
    ...(database ? [`Database ${database.name}, PostgreSQL ${database.version}, as ${database.user}`] : []),
    ...(known.fingerprint ? [`Fingerprint ${known.fingerprint}`] : []),
    `Build: Outrider ${__VERSION__}${migrations ? `, expects ${migrations.expectedHead}; the database is at ${migrations.head ?? 'no migration'}` : ''}`,
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
}

function lines({ cause, consequences, effect, affects }: Incident, number: number): string[] {
  const { message, since, change, evidence } = cause;
  const more = affects.length - mostAffected;
  return [
    `${number}. ${words(cause.kind)} ${placeOf(cause)}: ${effects[effect].says.toLowerCase()}`,
    `   ${message}`,
    ...(since ? [`   Since ${time(since)}`] : []),
    ...(change ? [`   Changed by ${change.user}${change.applicationName ? ` (${change.applicationName})` : ''}${change.statement ? `: ${change.statement}` : ''}`] : []),
    ...(evidence ? [`   Evidence: ${evidence}`] : []),
    ...(affects.length > 0 ? [`   Affects ${affects.slice(0, mostAffected).join(', ')}${more > 0 ? ` and ${more} more` : ''}`] : []),
    ...consequences.map((one) => `   - with it: ${one.message}`),
  ];
}

/** Who holds what: a session, or a prepared transaction. */
export function who({ pid, preparedTransaction, user, applicationName, objects }: Health['blockers'][number]): string {
  const session = pid === null ? `prepared transaction ${preparedTransaction}` : `session ${pid}`;
  return `${session} of ${user ?? 'an unknown user'}${applicationName ? ` (${applicationName})` : ''} holds ${objects.join(', ')}`;
}

function whatToRun({ planHash, repairPlan, migrations }: Health): string[] {
  const pending = migrations?.migrations.some(({ state }) => state === 'PENDING' || state === 'HALF_APPLIED');
  const safe = repairPlan.filter(({ risk }) => risk === 'SAFE').length;
  return [
    ...(pending ? ['Run: outrider migrate'] : []),
    ...(planHash && safe > 0 ? [`Run: outrider schema repair --apply ${planHash} (${safe} SAFE of ${repairPlan.length} steps; read it first by "outrider schema repair")`] : []),
    ...(planHash && safe === 0 ? ['Read the plan: outrider schema repair (no step of it is SAFE)'] : []),
  ];
}

function time(at: string): string {
  return absolute(new Date(at).getTime(), 'UTC');
}
