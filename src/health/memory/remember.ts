import type { SchemaChange, SchemaDrift } from '../report.ts';
import { changeBehind, touchedBy } from './changeBehind.ts';
import { MOST_EXPLAINED, type Memory } from './readMemory.ts';

/** Since when this process has known each difference, for where the database does not tell. */
export class FirstSeen {
  readonly #since = new Map<string, Date>();

  /** The earlier of what the database and what this process know. */
  of(id: string, memory: Memory): Date {
    const times = [memory.since.get(id), this.#since.get(id)].filter((time) => time !== undefined);
    const since = times.length > 0 ? times.reduce((a, b) => (a < b ? a : b)) : (memory.now ?? new Date());
    this.#since.set(id, since);
    return since;
  }

  /** Forgets the differences that have ended. */
  keep(ids: readonly string[]): void {
    for (const id of this.#since.keys()) if (!ids.includes(id)) this.#since.delete(id);
  }
}

/** The differences with the time when each was first seen and with the change behind it, which may be that of its cause. */
export function remember(drift: readonly SchemaDrift[], memory: Memory, firstSeen: FirstSeen, mainSchema: string): SchemaDrift[] {
  const journal = memory.journal.map((entry) => ({ ...entry, touched: touchedBy(entry) }));
  const known = drift.map((item, place) => {
    const since = firstSeen.of(item.id, memory);
    return { ...item, since, change: place < MOST_EXPLAINED ? changeBehind(item, journal, since, mainSchema) : null };
  });
  const byId = new Map(known.map((item) => [item.id, item]));
  const changeOf = ({ change, causedBy }: SchemaDrift): SchemaChange | null => {
    const cause = causedBy === null ? undefined : byId.get(causedBy);
    return change ?? (cause ? changeOf(cause) : null);
  };
  return known.map((item) => ({ ...item, change: changeOf(item) }));
}
