/**
 * What processes tell each other. `jobs`: a job has a newer sequence. `work`: a job may have targets to claim. `keys`: an API key
 * was revoked. `drafts`: a
 * draft was written.
 * A notice is a hint to read the database again; it carries no data, may be lost, and may come twice.
 */
export type Topic = 'jobs' | 'work' | 'keys' | 'drafts';

/** The id of what changed and its sequence; where a topic has no sequence, 0. */
export type Entry = readonly [id: string, sequence: number];

/** Called with what changed, or with null after notices may have been missed: then read everything again. */
export type Listener = (entries: readonly Entry[] | null) => void;

export interface Events {
  /** Tells every process, this one included. Coalesced: of several entries with one id the greatest is sent. Never throws. */
  publish(topic: Topic, entries: readonly Entry[]): void;
  /** Returns the function that ends the subscription. */
  subscribe(topic: Topic, listener: Listener): () => void;
  /** Sends what is waiting, then lets the connection go. */
  close(): Promise<void>;
}
