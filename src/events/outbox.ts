import type { Entry, Topic } from './events.ts';

/** PostgreSQL refuses a NOTIFY payload of 8,000 bytes or more. */
const payloadLimit = 7_900;

/** Entries that wait to be sent; one per id, the greatest sequence wins, so that it cannot grow beyond the number of jobs. */
export class Outbox {
  readonly #waiting = new Map<Topic, Map<string, number>>();

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  add(topic: Topic, entries: readonly Entry[]): void {
    const waiting = this.#waiting.get(topic) ?? new Map<string, number>();
    for (const [id, sequence] of entries) {
      waiting.set(id, Math.max(sequence, waiting.get(id) ?? 0));
    }
    if (waiting.size > 0) {
      this.#waiting.set(topic, waiting);
    }
  }

  /** Empties it into payloads `[[id, sequence], …]`, each short enough for one NOTIFY. */
  take(): { topic: Topic; entries: Entry[]; payload: string }[] {
    const notices: { topic: Topic; entries: Entry[]; payload: string }[] = [];
    for (const [topic, waiting] of this.#waiting) {
      let entries: Entry[] = [];
      let length = 2;
      const flush = () => {
        notices.push({ topic, entries, payload: JSON.stringify(entries) });
        entries = [];
        length = 2;
      };
      for (const entry of waiting) {
        const size = Buffer.byteLength(JSON.stringify(entry)) + 1;
        if (length + size > payloadLimit && entries.length > 0) {
          flush();
        }
        entries.push(entry);
        length += size;
      }
      flush();
    }
    this.#waiting.clear();
    return notices;
  }
}
