import type { Column } from './catalog.ts';
import type { DriftKind } from './driftKind.ts';
import { effectsByUrgency, type DriftEffect, type DriftSeverity } from './report.ts';

/** One difference between the expected and the live schema, before its cause, its blast radius and its mending. */
export interface Finding {
  kind: DriftKind;
  effect: DriftEffect;
  message: string;
  table?: string;
  column?: string;
  object?: string;
  /** tells differences of one object apart, such as the label of an enum */
  detail?: string;
  sqlState?: string;
  expected?: string;
  actual?: string;
  /** the part of the schema that is gone: "table", "table.column", "table#index", an enum or a function */
  lost?: string;
  /** the key that foreign keys refer to, such as "key:jobs(id)", when it is that which is gone */
  lostKey?: string;
  /** the part of a table that it is about, by its name in the expected catalog and in the live one */
  part?: { ours?: string; theirs?: string };
  /** what cannot be done with the place: SELECT, INSERT, UPDATE, DELETE; when absent, what the effect says */
  rights?: readonly string[];
  /** it is still there under another name or in another schema, which `actual` says: what it is */
  renamed?: 'schema' | 'with its schema' | 'type' | 'label' | 'routine' | 'in a round';
  /** a table that may be the one that is missing: what it holds is seen when its name is free */
  perhaps?: string;
  /** columns that took each other's names */
  round?: readonly (readonly [expected: string, present: string])[];
  /** the right that is lacking, and on what */
  grant?: { right: string; on: 'table' | 'schema' | 'sequence' | 'function'; object: string; column?: string };
  /** parts without which this one cannot be there */
  needs?: string[];
  /** two spellings that may mean the same */
  spelling?: Spelling;
}

/** An expression that differs in text. When it is proved to mean the same there is no difference. */
export type Spelling =
  | { of: 'default'; type: string; expected: string; actual: string }
  /** checks of one table: ours and theirs all together, and those that this difference is about */
  | { of: 'check'; expected: string | null; actual: string | null; ours: readonly string[]; theirs: readonly string[]; ourColumns: Columns; theirColumns: Columns }
  /** what is generated; a predicate, which may be a view's or a policy's; the condition of a trigger, whose columns are called old.x and new.x */
  | { of: 'value' | 'predicate' | 'condition'; expected: string; actual: string; columns: Columns }
  /** the expressions of an index that are not alike, and its predicate */
  | { of: 'index'; keys: readonly (readonly [expected: string, actual: string])[]; expected: string; actual: string; columns: Columns };

type Columns = Readonly<Record<string, Column>>;

/** Stable for the same difference from one check to the next. */
export function findingId({ kind, table, column, object, detail }: Finding): string {
  const place = [table, column && `.${column}`, object && (table ? `#${object}` : object), detail && `=${detail}`];
  return `${kind}:${place.filter(Boolean).join('')}`;
}

export function severityOf({ kind, effect }: Pick<Finding, 'kind' | 'effect'>): DriftSeverity {
  if (effect === 'NONE') return 'INFO';
  // New rows are guarded; only old ones are in doubt.
  if (kind === 'NOT_VALID_CONSTRAINT') return 'WARNING';
  return effect === 'SLOW' || effect === 'LATENT' ? 'WARNING' : 'BREAKING';
}

/** Operations that touch it fail, lose what they write or answer lies; they are refused while it lasts. */
export function stopsOperations({ kind, effect }: { kind: DriftKind; effect: DriftEffect }): boolean {
  if (effect === 'SILENT') return kind === 'ROW_SECURITY' || kind === 'SEARCH_PATH';
  return effect === 'LOST_WRITE' || effect === 'FAILS' || effect === 'READ_FAILS' || effect === 'WRITE_FAILS';
}

type Ranked = { effect: DriftEffect; causedBy: string | null; id: string };

/**
 * Most urgent first; a consequence never before its cause; then by place. What harms nobody by itself (a migration that is
 * pending) is as urgent as what fails for it.
 */
export function byUrgency<T extends Ranked>(drift: readonly T[]): T[] {
  const byId = new Map(drift.map((item) => [item.id, item]));
  const lifted = new Map<string, number>();
  for (const item of drift) {
    const urgency = Math.max(effectsByUrgency.indexOf('FAILS'), effectsByUrgency.indexOf(item.effect));
    for (let cause = byId.get(item.causedBy ?? ''); cause; cause = byId.get(cause.causedBy ?? '')) {
      lifted.set(cause.id, Math.min(lifted.get(cause.id) ?? urgency, urgency));
    }
  }
  const rank = (item: T): number => {
    const own = Math.min(effectsByUrgency.indexOf(item.effect), lifted.get(item.id) ?? Infinity);
    const cause = item.causedBy === null ? undefined : byId.get(item.causedBy);
    return cause === undefined ? own : Math.max(own, rank(cause) + 0.5);
  };
  return [...drift].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}
