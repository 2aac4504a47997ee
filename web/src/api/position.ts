/**
 * How new answers have to be: the server says so with every event, and is told with every request, so that a query which
 * follows an event is never answered by a replica that has not come that far. After a mutation a cookie does the same.
 */
let position: string | undefined;

/** Remembers what stands in the extensions of an event; the latest counts, for after a failover positions may be smaller. */
export function notePosition(extensions: Record<string, unknown> | undefined): void {
  if (typeof extensions?.['position'] === 'number') position = String(extensions['position']);
}

export const positionHeaders = (): Record<string, string> => (position === undefined ? {} : { 'outrider-position': position });
