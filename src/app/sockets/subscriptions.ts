import type { ExecutionResult } from 'graphql';
import type { Role } from '../../domain/enums.ts';
import { Conflation } from '../../events/conflation.ts';
import type { Gate } from '../../limits/createGate.ts';
import type { ServerContext } from '../context.ts';
import { openSource, SharedSubscription, type Serialise, type Subscription } from './sharedSubscription.ts';
import type { Subscriber } from './subscriber.ts';

export interface SubscriptionsOptions {
  /** for everybody with this role */
  createSharedContext(role: Role): ServerContext;
  serialise: Serialise;
  takeEvents: Gate['takeEvents'];
}

export interface Request extends Subscription {
  /** the document as it was sent */
  query: string;
  /** of the subscription, in points */
  cost: number;
}

/**
 * The subscriptions of this process. Those with the same document, operation, variables and role are one: what an answer
 * may depend on besides is nobody's name, which the context of a subscription does not tell.
 */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #shared = new Map<string, SharedSubscription>();
  /** Contexts of this turn: what several subscriptions load at once is one statement. */
  readonly #contexts = new Map<Role, ServerContext>();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  /** Until it has begun: what follows goes on by itself. */
  async join(request: Request, role: Role, subscriber: Subscriber): Promise<void> {
    const key = JSON.stringify([role, request.operationName ?? null, request.variableValues ?? null, request.query]);
    if (this.#find(key) && this.#contextOf(role).isSchemaBroken()) {
      // Opened before it broke, perhaps: whether it may be opened now has to be asked again.
      const refusal = await refusalOf(request, this.#contextOf(role));
      if (refusal) {
        subscriber.deliver('', await this.#options.serialise(refusal, [subscriber.caller.name]));
        return subscriber.end();
      }
    }
    if (subscriber.isDone) return;
    const shared = this.#find(key);
    if (shared) shared.add(subscriber);
    else await this.#open(key, request, role, [subscriber]);
  }

  #find(key: string): SharedSubscription | undefined {
    const shared = this.#shared.get(key);
    return shared?.isEnded ? undefined : shared;
  }

  #open(key: string, request: Request, role: Role, subscribers: readonly Subscriber[]): Promise<void> {
    const { query: _query, cost, ...subscription } = request;
    const shared: SharedSubscription = new SharedSubscription({
      subscription,
      createContext: () => this.#contextOf(role),
      serialise: this.#options.serialise,
      take: (caller, events) => this.#options.takeEvents(caller, cost, events),
      reopen: (unanswered) => void this.#open(key, request, role, unanswered),
      onEnd: () => {
        if (this.#shared.get(key) === shared) this.#shared.delete(key);
      },
    });
    this.#shared.set(key, shared);
    subscribers.forEach((subscriber) => shared.add(subscriber));
    return shared.start();
  }

  #contextOf(role: Role): ServerContext {
    const known = this.#contexts.get(role);
    if (known) return known;
    if (this.#contexts.size === 0) setImmediate(() => this.#contexts.clear());
    const context = this.#options.createSharedContext(role);
    this.#contexts.set(role, context);
    return context;
  }
}

async function refusalOf(request: Request, context: ServerContext): Promise<ExecutionResult | null> {
  const source = await openSource(request, context);
  if (!(source instanceof Conflation)) return source;
  await source.return();
  return null;
}
