import type { Notice } from './broker.ts';
import type { Entry, Topic } from './events.ts';

/** PostgreSQL refuses a NOTIFY payload of 8,000 bytes or more. */
const payloadLimit = 7_900;
/** As long as a broker is away notices gather: above so many of one topic, "read everything again" is sent instead. */
const topicLimit = 10_000;
/** No list of entries: whoever receives it takes it for "something was missed". */
const everything = 'null';

/** Entries that wait to be sent; one per id, the greatest sequence wins. */
export class Outbox {
  readonly #waiting = new Map<Topic, Map<string, number>>();
  readonly #overflown = new Set<Topic>();

  get isEmpty(): boolean {
    return this.#waiting.size === 0 && this.#overflown.size === 0;
  }

  add(topic: Topic, entries: readonly Entry[]): void {
    if (this.#overflown.has(topic)) {
      return;
    }
    const waiting = this.#waiting.get(topic) ?? new Map<string, number>();
    for (const [id, sequence] of entries) {
      waiting.set(id, Math.max(sequence, waiting.get(id) ?? 0));
    }
    if (waiting.size > topicLimit) {
      this.addEverything(topic);
    } else if (waiting.size > 0) {
      this.#waiting.set(topic, waiting);
    }
  }

  /** Whatever is told of the topic: those who listen shall read all of it again. */
  addEverything(topic: Topic): void {
    this.#waiting.delete(topic);
    this.#overflown.add(topic);
  }

  /** Empties it into payloads `[[id, sequence], …]`, each short enough for one NOTIFY. */
  take(): (Notice & { entries: Entry[] | null })[] {
    const notices: (Notice & { entries: Entry[] | null })[] = [];
    for (const topic of this.#overflown) {
      notices.push({ topic, entries: null, payload: everything });
    }
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
    this.#overflown.clear();
    return notices;
  }
}
