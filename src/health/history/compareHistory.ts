import type { LiveCatalog } from '../liveCatalog.ts';
import type { ExpectedCatalog } from '../expectedCatalog.ts';
import type { Finding } from '../finding.ts';
import { HISTORY_TABLE, type Reading } from '../readCatalog.ts';
import type { MigrationHistory } from '../report.ts';
import { effectsOf, type Effect } from './effects.ts';
import { foreignHistories, type ForeignHistory } from './foreign.ts';
import { corrupt, doubled, foreignAlone, foreignBeside, historyLost, unreadable } from './historyFindings.ts';
import { looksOurs } from './looksOurs.ts';
import { malformation } from './malformed.ts';
import { migrationFindings } from './migrationFindings.ts';
import { describeHistory } from './states.ts';

export interface HistoryVerdict {
  /** null where it could not be read */
  history: MigrationHistory | null;
  /** what is wrong with the history, and the structural differences that were handed in, where the history does not say the same */
  findings: Finding[];
}

/** Fewer of our tables than this share were not left by a lost history: somebody's table bears a name of ours. */
const OURS = 1 / 3;
/** So many tables with names of ours, made otherwise, are no coincidence. */
const SEVERAL = 3;

/**
 * What was applied against what this build knows and what is really there. Never guesses: a history that cannot be read
 * is not "all pending". `structure`: what the comparison of the catalogs found.
 */
export function compareHistory(expected: ExpectedCatalog, reading: Reading, structure: readonly Finding[]): HistoryVerdict {
  const { catalog, history } = reading;
  const foreign = foreignHistories(catalog);
  const { history: migrations, findings } = judge(expected, reading, structure, foreign);
  const named = new Set(foreign.map(({ table }) => table));
  const isForeign = findings.some(({ kind }) => kind === 'HISTORY_FOREIGN');
  const others = structure.filter(({ kind, table = '' }) => kind !== 'EXTRA_TABLE' || !named.has(table)).map((finding) => {
    const own = ofHistoryTable(finding);
    // That another system made the tables explains all that differs about them.
    return isForeign && own.kind !== 'EXTRA_TABLE' ? { ...own, needs: [...(own.needs ?? []), HISTORY_TABLE] } : own;
  });
  const beside = 'error' in history ? [] : foreign.filter(({ table }) => !findings.some((finding) => finding.kind === 'HISTORY_FOREIGN' && finding.object === table));
  return { history: migrations, findings: [...findings, ...beside.map(foreignBeside), ...others] };
}

function judge(expected: ExpectedCatalog, { catalog, history: reading }: Reading, structure: readonly Finding[], foreign: readonly ForeignHistory[]): HistoryVerdict {
  if ('error' in reading) return { history: null, findings: reading.locked ? [] : [unreadable(reading.error)] };
  const isOthers = foreign.some(({ table }) => table === HISTORY_TABLE);
  const rows = 'rows' in reading && !isOthers ? reading.rows : [];
  const isMissing = 'missing' in reading || isOthers;
  const form = isMissing ? null : malformation(expected.relations[HISTORY_TABLE], catalog.relations[HISTORY_TABLE], rows);
  const ofForm = form === null ? [] : [corrupt(form.problems)];
  if (form?.unusable) return { history: null, findings: ofForm };

  const history = describeHistory(expected.migrations, rows);
  const effects = effectsOf(expected, catalog, structure);
  const others = otherHistories(expected, catalog);
  const tables = tablesPresent(expected, effects);
  if (rows.length === 0 && !catalog.migrating && tables.present.length > 0) {
    const areMany = tables.present.length >= tables.parts.length * OURS;
    const lost = historyLost(isMissing, tables, others);
    const maker = foreign[0] ?? (tables.present.length >= SEVERAL && !looksOurs({ expected, reading: { catalog }, structure }) ? { table: catalog.database.schema, tool: null } : null);
    if (maker !== null) return { history, findings: [...ofForm, foreignAlone(maker, tables), { ...lost, needs: [HISTORY_TABLE] }] };
    if (areMany) return { history, findings: [...ofForm, lost] };
  }
  return { history, findings: [...ofForm, ...others.map(doubled), ...migrationFindings(history, effects, expected, catalog.migrating)] };
}

/** Schemas with a history of our form that belongs to no installation of its own. */
function otherHistories({ relations }: ExpectedCatalog, { histories, elsewhere }: LiveCatalog): string[] {
  const ours = Object.keys(relations[HISTORY_TABLE]?.columns ?? {});
  const tables = Object.keys(relations).filter((table) => !table.includes('.') && table !== HISTORY_TABLE);
  return Object.keys(histories).filter((schema) => {
    const isOurs = ours.every((column) => histories[schema]?.includes(column));
    const hasTables = tables.filter((table) => elsewhere[table]?.includes(schema)).length >= tables.length * OURS;
    return isOurs && !hasTables;
  });
}

/** The tables of the first migration that makes any, which are there as soon as anything of ours is. */
function tablesPresent({ migrations, relations }: ExpectedCatalog, effects: ReadonlyMap<string, Effect>): Pick<Effect, 'parts' | 'present'> {
  const tables = (parts: readonly string[] = []) => parts.filter((part) => part in relations);
  const effect = migrations.map(({ name }) => effects.get(name)).find((made) => tables(made?.parts).length > 0);
  return { parts: tables(effect?.parts), present: tables(effect?.present) };
}

/** The table of the history carries no operation: what is wrong with it stops migrations, and it is part of what is wrong with the history. */
function ofHistoryTable(finding: Finding): Finding {
  if (finding.table !== HISTORY_TABLE) return finding;
  const effect = finding.effect === 'NONE' || finding.effect === 'SLOW' ? finding.effect : 'LATENT';
  return { ...finding, effect, needs: [...(finding.needs ?? []), HISTORY_TABLE] };
}
