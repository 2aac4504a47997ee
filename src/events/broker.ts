import type { BrokerKind, Topic } from './events.ts';

export interface Notice {
  topic: Topic;
  payload: string;
}

/** What a connection tells; after `lost` it is of no use any more. */
export interface ConnectionListener {
  received(topic: Topic, payload: string): void;
  lost(error?: unknown): void;
}

/** One connection to a broker. Every promise may stay open for ever when the other side falls silent. */
export interface Connection {
  /** Resolves once it is of use; called once. */
  open(): Promise<void>;
  /** Resolves once what is told from now on is heard; called once a topic. */
  listen(topic: Topic): Promise<void>;
  /** Resolves once the broker has all of them. */
  send(notices: readonly Notice[]): Promise<void>;
  /** Resolves when the broker has answered. */
  ping(): Promise<void>;
  /** Lets go, whatever state it is in; never rejects. */
  end(): Promise<void>;
}

/** Who carries notices, and how it is reached. */
export interface Broker {
  kind: BrokerKind;
  /** for people: "Redis at 10.0.0.7:6379"; without credentials */
  name: string;
  /** the variable that says where it is */
  variable: 'DATABASE_URL' | 'EVENTS_URL';
  /** A connection that is not open yet. */
  connect(listener: ConnectionListener): Promise<Connection>;
  /** Whether the error means that the user or the password is wrong. */
  isRefusal(error: unknown): boolean;
}
