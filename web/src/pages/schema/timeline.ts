import type { DriftEffect, DriftHistoryQuery } from '../../graphql/graphql.ts';
import { words } from '../../parts/format.ts';
import type { Incident } from './incidents.ts';

export type PastDrift = NonNullable<DriftHistoryQuery['schemaDriftHistory']['ended']>[number];

/** A time during which something differed; `until` is null while it still does. */
export interface Span {
  since: number;
  until: number | null;
  effect: DriftEffect | null;
  message: string | null;
  changedBy: string | null;
}

/** Every time at which one thing differed. */
export interface TimelineRow {
  id: string;
  kind: string;
  place: string;
  spans: Span[];
}

const shortest = 60 * 60_000;

/** What differed when, what differs now first, then by the latest end. */
export function timelineRows(present: readonly Incident[], past: readonly PastDrift[]): TimelineRow[] {
  const rows = new Map<string, TimelineRow>();
  const add = (id: string, span: Span) => {
    const row = rows.get(id) ?? { id, ...nameOf(id), spans: [] };
    row.spans.push(span);
    rows.set(id, row);
  };
  for (const { cause, effect } of present) {
    if (cause.since !== null) add(cause.id, { effect, message: cause.message, since: ms(cause.since), until: null, changedBy: cause.change?.user ?? null });
  }
  for (const one of past) add(one.id, { effect: one.effect, message: one.message, changedBy: one.changedBy, since: ms(one.since), until: ms(one.until) });
  const last = ({ spans }: TimelineRow) => Math.max(...spans.map(({ until }) => until ?? Infinity));
  return [...rows.values()].sort((one, other) => (last(other) === last(one) ? 0 : last(other) - last(one)));
}

/** From before the first beginning until now, and an hour at least. */
export function timelineRange(rows: readonly TimelineRow[], now: number): { from: number; to: number } {
  const first = Math.min(now - shortest, ...rows.flatMap(({ spans }) => spans.map(({ since }) => since)));
  return { from: first - (now - first) * 0.04, to: now };
}

/** "INDEX:jobs#jobs_status" → "Index", "jobs_status on jobs". */
function nameOf(id: string): { kind: string; place: string } {
  const colon = id.indexOf(':');
  return colon < 0 ? { kind: words(id), place: '' } : { kind: words(id.slice(0, colon)), place: id.slice(colon + 1).replace(/^([^#]+)#(.+)$/, '$2 on $1') };
}

function ms(at: string): number {
  return new Date(at).getTime();
}
