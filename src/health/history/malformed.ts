import type { Relation } from '../catalog.ts';
import type { HistoryRecord } from '../liveCatalog.ts';

export interface Malformation {
  /** "no column checksum", "2 rows without a name", … */
  problems: string[];
  /** which migrations were applied cannot be told */
  unusable: boolean;
}

/** What is wrong with the form of the history; null when nothing is. What it says is judged elsewhere. */
export function malformation(expected: Relation | undefined, live: Relation | undefined, rows: readonly HistoryRecord[]): Malformation | null {
  const ofColumns = Object.entries(expected?.columns ?? {}).flatMap(([name, { type }]) => {
    const found = live?.columns[name];
    if (live === undefined || found?.type === type) return [];
    return [found === undefined ? `no column ${name}` : `${name} is ${found.type} instead of ${type}`];
  });
  const ofRows = [
    counted(rows.filter(isNameless), 'without a name'),
    counted(rows.filter(({ checksum }) => typeof checksum !== 'string'), 'without a checksum'),
    counted(rows.filter(hasImpossibleCounters), 'with impossible counters'),
    counted(rows.filter(hasImpossibleDate), 'with an impossible date'),
  ];
  const problems = [...ofColumns, ...ofRows.filter((problem) => problem !== null)];
  if (problems.length === 0) return null;
  return { problems, unusable: rows.some((row) => isNameless(row) || typeof row['checksum'] !== 'string') };
}

export function isNameless({ name }: HistoryRecord): boolean {
  return typeof name !== 'string' || name.trim() === '';
}

function hasImpossibleCounters({ duration_ms: duration, statements_applied: applied, statement_count: count, finished }: HistoryRecord): boolean {
  const isCounter = (value: unknown) => value === undefined || (typeof value === 'number' && value >= 0);
  if (![duration, applied, count].every(isCounter) || (finished !== undefined && typeof finished !== 'boolean')) return true;
  return typeof applied === 'number' && typeof count === 'number' && applied > count;
}

function hasImpossibleDate({ applied_at: appliedAt }: HistoryRecord): boolean {
  return appliedAt !== undefined && dateOf(appliedAt) === null;
}

/** null for what is no date to JavaScript, such as "infinity" */
export function dateOf(value: unknown): Date | null {
  const date = typeof value === 'string' ? new Date(value) : null;
  return date === null || Number.isNaN(date.getTime()) ? null : date;
}

function counted(rows: readonly HistoryRecord[], what: string): string | null {
  if (rows.length === 0) return null;
  return `${rows.length} row${rows.length === 1 ? '' : 's'} ${what}`;
}
