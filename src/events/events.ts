/**
 * What processes tell each other. `jobs`: a job has a newer sequence. `work`: a job may have targets to claim. `keys`: an API key
 * was revoked. `drafts`: a draft was written. `positions`: a caller's reads must see what the primary had at a position of its
 * log; here the id is the caller's name and the sequence the position.
 * A notice is a hint to read the database again; it carries no data, may be lost, and may come twice.
 */
export const topics = ['jobs', 'work', 'keys', 'drafts', 'positions'] as const;
export type Topic = (typeof topics)[number];

/** The id of what changed and its sequence; where a topic has no sequence, 0. */
export type Entry = readonly [id: string, sequence: number];

/** Called with what changed, or with null after notices may have been missed: then read everything again. */
export type Listener = (entries: readonly Entry[] | null) => void;

/** Who carries notices between processes. */
export type BrokerKind = 'postgresql' | 'redis' | 'nats';

export interface EventsStatus {
  broker: BrokerKind;
  /** While it is false nothing is heard, and whoever watches something finds out by polling. */
  connected: boolean;
  /** how often a connection was lost or could not be opened */
  failures: number;
}

export interface Events {
  /** Tells every process, this one included. Coalesced: of several entries with one id the greatest is sent. Never throws. */
  publish(topic: Topic, entries: readonly Entry[]): void;
  /** Returns the function that ends the subscription. */
  subscribe(topic: Topic, listener: Listener): () => void;
  /** Sends what is waiting, then lets the connection go. */
  close(): Promise<void>;
}

/** Events that tell whether they come through. */
export interface MonitoredEvents extends Events {
  readonly status: EventsStatus;
}
