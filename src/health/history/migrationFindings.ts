import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';
import { HISTORY_TABLE } from '../readCatalog.ts';
import type { MigrationHealth, MigrationHistory } from '../report.ts';
import { isAbsent, isWhole, type Effect } from './effects.ts';
import { isForked } from './states.ts';

const repair = 'Run "outrider schema history --repair"';
/** Stands for two lines of migrations, of which those of one are the consequence. */
const FORK = 'one line of migrations';

/** What is wrong with single migrations: their rows, against this build and against what is really there. */
export function migrationFindings(history: MigrationHistory, effects: ReadonlyMap<string, Effect>, expected: ExpectedCatalog, migrating: boolean): Finding[] {
  const fork = isForked(history) ? [forked(history)] : [];
  const findings = history.migrations.flatMap((migration) => {
    const effect = effects.get(migration.name) ?? { parts: [], present: [], gone: [] };
    return findingsOf(migration, effect, expected, migrating);
  });
  const followsFork = ({ kind }: Finding) => fork.length > 0 && (kind === 'MIGRATION_UNKNOWN' || kind === 'MIGRATION_PENDING' || kind === 'MIGRATION_OUT_OF_ORDER');
  const all = [...fork, ...findings.map((finding) => (followsFork(finding) && !finding.needs ? { ...finding, needs: [FORK] } : finding))];
  // The rows of a doubled migration are one difference.
  return [...new Map(all.map((finding) => [`${finding.kind} ${finding.object}`, finding])).values()];
}

function findingsOf(migration: MigrationHealth, effect: Effect, expected: ExpectedCatalog, migrating: boolean): Finding[] {
  const { name, state, statementsApplied, statementCount } = migration;
  const finding = (kind: Finding['kind'], message: string, more: Partial<Finding> = {}): Finding => ({ kind, object: name, effect: 'LATENT', message, ...more });
  switch (state) {
    case 'APPLIED':
      if (!isAbsent(effect, expected)) return [];
      return [finding('MIGRATION_EFFECT_ABSENT', `The history says that ${name} was applied, but ${effect.gone.length} of the ${effect.parts.length} objects that it makes are not there. Run "outrider schema repair", which makes again what is gone.`, { expected: `${effect.parts.length} objects`, actual: `${effect.present.length} objects` })];
    case 'PENDING':
      if (migrating) return [inProgress(name)];
      return effect.present.length === 0
        ? [finding('MIGRATION_PENDING', `The migration ${name} was not applied yet: run "outrider migrate".`)]
        : [effectPresent(name, effect), finding('MIGRATION_PENDING', `The next "outrider migrate" takes ${name} for pending, and refuses to make what is there already.`, { needs: [rowOf(name)] })];
    case 'OUT_OF_ORDER':
      return [
        ...(effect.present.length > 0 ? [effectPresent(name, effect)] : []),
        finding('MIGRATION_OUT_OF_ORDER', `The migration ${name} is not in the history although a later one is: "outrider migrate" refuses to go on. ${repair}.`, effect.present.length > 0 ? { needs: [rowOf(name)] } : {}),
      ];
    case 'HALF_APPLIED': {
      if (migrating) return [inProgress(name)];
      const stopped = `The migration ${name} stopped after statement ${statementsApplied ?? '?'} of ${statementCount ?? '?'}`;
      const place = { expected: `${statementCount} statements`, actual: `${statementsApplied} statements` };
      return isWhole(effect)
        ? [finding('MIGRATION_HALF_APPLIED', `${stopped}, says the history, but all ${effect.parts.length} objects that it makes are there. ${repair}, which marks it as finished.`, place)]
        : [finding('MIGRATION_HALF_APPLIED', `${stopped}: run "outrider migrate", which goes on from there.`, place)];
    }
    case 'CHANGED':
      return [finding('MIGRATION_CHANGED', `The migration ${name} was changed after it was applied: what it makes now may differ from what is there. Run the version that applied it, or ${repair.replace('Run', 'run')}.`, { expected: 'the checksum of this version', actual: 'another checksum' })];
    case 'DUPLICATE':
      return [finding('MIGRATION_DUPLICATE', `The history holds the migration ${name} more than once: "outrider migrate" refuses to go on. ${repair}.`, { expected: 'one row', actual: 'several rows', lost: HISTORY_TABLE })];
    case 'UNKNOWN':
      return [finding('MIGRATION_UNKNOWN', `The migration ${name} is not known to this version: the database is ahead of it. Run the version that applied it, or a later one.`)];
  }
}

function effectPresent(name: string, effect: Effect): Finding {
  const { parts, present } = effect;
  const place = { kind: 'MIGRATION_EFFECT_PRESENT', object: name, effect: 'LATENT', lostKey: rowOf(name), expected: 'a row in the history', actual: `${present.length} of ${parts.length} objects` } as const;
  if (isWhole(effect)) {
    return { ...place, message: `The migration ${name} is not in the history, but all ${parts.length} objects that it makes are there: its record was lost. ${repair}, which stamps it.` };
  }
  const shown = present.slice(0, 3).join(', ');
  return { ...place, message: `The migration ${name} is not in the history, but ${present.length} of the ${parts.length} objects that it makes are there (${shown}${present.length > 3 ? ', …' : ''}): "outrider migrate" refuses to go on. ${repair}, which executes what is left of it.` };
}

function rowOf(name: string): string {
  return `row of ${name}`;
}

function inProgress(object: string): Finding {
  return { kind: 'MIGRATION_IN_PROGRESS', object, effect: 'NONE', message: `Another process is migrating; ${object} is not finished yet.` };
}

function forked({ migrations, expectedHead }: MigrationHistory): Finding {
  const unknown = migrations.filter(({ state }) => state === 'UNKNOWN').map(({ name }) => name);
  return {
    kind: 'MIGRATION_FORKED',
    object: unknown[0] ?? expectedHead,
    effect: 'LATENT',
    lostKey: FORK,
    expected: expectedHead,
    actual: unknown.join(', '),
    message: `Two lines of migrations met in this database: it has ${unknown.join(', ')}, which this version does not know and which do not come after its own. Run a version that has them all, or "outrider schema history --repair".`,
  };
}
