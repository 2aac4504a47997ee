import { effectsByUrgency, type SchemaDrift, type SchemaHealthReport } from '../../src/health/report.ts';
import type { Change, Expectation } from './change.ts';

/** "silent" and "found" are right; "refused": PostgreSQL does not let this change be made, so it cannot happen. */
export type Outcome = 'found' | 'silent' | 'missed' | 'wrong' | 'false alarm' | 'refused';

export interface Judgement {
  outcome: Outcome;
  /** what was wrong about the answer; null when nothing was */
  fault: string | null;
}

/** Holds what schema health said against what the change has to make it say. */
export function judge({ expected }: Change, report: SchemaHealthReport): Judgement {
  const { status, drift, summary } = report;
  if (status === 'UNREACHABLE' || status === 'UNVERIFIED') return { outcome: 'wrong', fault: `${status}: ${summary}` };
  if (expected === null) return status === 'READY' ? { outcome: 'silent', fault: null } : { outcome: 'false alarm', fault: listOf(drift) };
  if (drift.length === 0) return { outcome: 'missed', fault: `nothing was said instead of ${wordsFor(expected)}` };

  const causes = drift.filter(({ causedBy }) => causedBy === null);
  const right = causes.find((cause) => isAt(expected, cause)) ?? causes.find((cause) => kindsOf(expected).includes(cause.kind));
  const fault = right === undefined ? `not ${wordsFor(expected)}` : faultOf(expected, right, causes);
  return fault === null ? { outcome: 'found', fault } : { outcome: 'wrong', fault: `${fault}: ${listOf(drift)}` };
}

function faultOf(expected: Expectation, right: SchemaDrift, causes: readonly SchemaDrift[]): string | null {
  if (!isAt(expected, right)) return `not ${wordsFor(expected)}`;
  if (expected.exactly && right.effect !== expected.exactly) return `not with the effect ${expected.exactly}`;
  if (expected.atLeast && effectsByUrgency.indexOf(right.effect) > effectsByUrgency.indexOf(expected.atLeast)) return `less urgent than ${expected.atLeast}`;
  const others = causes.filter((cause) => cause !== right && cause.effect !== 'NONE' && !expected.beside?.includes(cause.kind));
  return others.length > 0 ? 'more than one cause' : null;
}

/** The object itself may go by its old or its new name. */
function isAt(expected: Expectation, { kind, table, column }: SchemaDrift): boolean {
  return kindsOf(expected).includes(kind) && (expected.table ?? table) === table && (expected.column ?? column) === column;
}

function kindsOf({ kind }: Expectation): readonly string[] {
  return typeof kind === 'string' ? [kind] : kind;
}

function wordsFor(expected: Expectation): string {
  const place = [expected.table, expected.column && `.${expected.column}`, expected.object && (expected.table ? `#${expected.object}` : expected.object)].filter(Boolean).join('');
  return `${kindsOf(expected).join(' or ')}${place && `:${place}`}`;
}

function listOf(drift: readonly SchemaDrift[]): string {
  const lines = drift.map(({ id, effect, causedBy, message }) => `${id} ${effect}${causedBy === null ? '' : ` (because of ${causedBy})`} "${message}"`);
  return [...lines.slice(0, 4), ...(lines.length > 4 ? [`and ${lines.length - 4} more`] : [])].join('; ');
}
