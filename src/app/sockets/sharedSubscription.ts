import { setTimeout as sleep } from 'node:timers/promises';
import { createSourceEventStream, execute, type DocumentNode, type ExecutionResult, type GraphQLError, type GraphQLSchema } from 'graphql';
import { Conflation, type Change, type Taken } from '../../events/conflation.ts';
import type { Caller } from '../../limits/createGate.ts';
import type { ServerContext } from '../context.ts';
import type { Payload, Subscriber } from './subscriber.ts';

export interface Subscription {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | null;
  variableValues?: Record<string, unknown> | null;
}

/** @param readers the names of those who are about to read the result */
export type Serialise = (result: ExecutionResult, readers: Iterable<string>) => Promise<Payload>;

export interface SharedSubscriptionOptions {
  subscription: Subscription;
  /** of somebody with the rights that all who share it have */
  createContext(): ServerContext;
  serialise: Serialise;
  /** Takes the points of so many events from a reader: 0 when they are taken, else how many milliseconds later they could be. */
  take(caller: Caller, events: number): number | Promise<number>;
  /** Gets those whose present state cannot be read by this one. */
  reopen(subscribers: readonly Subscriber[]): void;
  /** Nobody may join it any more. */
  onEnd(): void;
}

/** After which readers are asked again for points: others may have come (ms). */
const longestWaitMs = 1_000;

/**
 * Equal subscriptions: one source, one execution an event, one serialised result. Whoever joins later gets a state that
 * was read after that, then only newer ones.
 */
export class SharedSubscription {
  readonly #options: SharedSubscriptionOptions;
  readonly #subscribers = new Set<Subscriber>();
  #source: Conflation<unknown> | null = null;
  #hasFailed = false;

  constructor(options: SharedSubscriptionOptions) {
    this.#options = options;
  }

  /** Whether it takes no more subscribers: it could not be opened, or its source has said all. */
  get isEnded(): boolean {
    return this.#hasFailed || this.#source?.isEnded === true;
  }

  add(subscriber: Subscriber): void {
    subscriber.waitsFor = this.#source?.ask() ?? 0;
    subscriber.onLeave = () => this.#forget(subscriber);
    this.#subscribers.add(subscriber);
  }

  /** Until its source is open or refused; from then on it goes by itself, until the source ends or nobody is left. Add the first subscriber before. Never rejects. */
  async start(): Promise<void> {
    const [first] = this.#subscribers;
    try {
      const source = await openSource(this.#options.subscription, this.#options.createContext());
      if (source instanceof Conflation) return void this.#run(source, first!);
      await this.#refuse(source);
    } catch (error) {
      await this.#refuse({ errors: [error as GraphQLError] });
    }
    return this.#end();
  }

  async #run(source: Conflation<unknown>, first: Subscriber): Promise<void> {
    try {
      if (this.#subscribers.size === 0) await source.return();
      else await this.#follow(source, first);
    } catch (error) {
      await this.#refuse({ errors: [error as GraphQLError] });
    } finally {
      this.#end();
    }
  }

  #end(): void {
    this.#subscribers.forEach((subscriber) => subscriber.end());
    this.#options.onEnd();
  }

  async #follow(source: Conflation<unknown>, first: Subscriber): Promise<void> {
    this.#source = source;
    // What the source was opened with may have been read before the others came.
    const question = this.#subscribers.size > 1 || !this.#subscribers.has(first) ? source.ask() : 0;
    for (const subscriber of this.#subscribers) subscriber.waitsFor = subscriber === first ? 0 : question;
    for (let taken = await source.take(); taken; taken = await source.take()) {
      await this.#tell(taken, source.isEnded);
      await this.#pay(taken.changes.length);
    }
  }

  /** By whoever of the readers has the points, as all get the same. Until somebody has them, the latest state of each thing waits. */
  async #pay(events: number): Promise<void> {
    while (this.#subscribers.size > 0) {
      let soonest = Infinity;
      const asked = new Set<string>();
      for (const { caller } of this.#subscribers) {
        if (asked.has(caller.name)) continue;
        asked.add(caller.name);
        const waitMs = await this.#options.take(caller, events);
        if (waitMs === 0) return;
        soonest = Math.min(soonest, waitMs);
      }
      await sleep(Math.min(soonest, longestWaitMs), undefined, { ref: false });
    }
  }

  async #tell({ changes, refused }: Taken<unknown>, isLast: boolean): Promise<void> {
    const context = this.#options.createContext();
    await Promise.all(changes.map(async (change) => {
      const result = await execute({ ...this.#options.subscription, rootValue: change.value, contextValue: context });
      const payload = await this.#options.serialise(result, this.#readers());
      for (const subscriber of this.#subscribers) {
        if (!wants(subscriber, change, isLast)) continue;
        subscriber.waitsFor = 0;
        subscriber.deliver(change.key, payload);
      }
    }));
    const unanswered = [...this.#subscribers].filter(({ waitsFor }) => waitsFor > 0 && waitsFor <= refused);
    if (unanswered.length === 0) return;
    this.#options.reopen(unanswered);
    unanswered.forEach((subscriber) => this.#forget(subscriber));
  }

  async #refuse(result: ExecutionResult): Promise<void> {
    const payload = await this.#options.serialise(result, this.#readers());
    this.#hasFailed = true;
    this.#subscribers.forEach((subscriber) => subscriber.deliver('', payload));
  }

  /** Those who are there when they are asked for, one by one. */
  *#readers(): Generator<string> {
    for (const { caller } of this.#subscribers) yield caller.name;
  }

  #forget(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size > 0) return;
    this.#options.onEnd();
    void this.#source?.return();
  }
}

/** The source of its events, or the errors that keep it from having one. */
export async function openSource({ schema, document, operationName, variableValues }: Subscription, contextValue: ServerContext): Promise<Conflation<unknown> | ExecutionResult> {
  const source = await createSourceEventStream({ schema, document, operationName, variableValues, contextValue });
  if (source instanceof Conflation || !(Symbol.asyncIterator in source)) return source;
  throw new Error('The source of a subscription is a Conflation: several readers share it.');
}

/** Whoever has come since waits for a state that was read later; the last one changes no more. */
function wants({ waitsFor }: Subscriber, { isNews, answers }: Change<unknown>, isLast: boolean): boolean {
  return waitsFor === 0 ? isNews : isLast || answers >= waitsFor;
}
