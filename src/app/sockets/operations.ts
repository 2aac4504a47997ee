import { execute, getOperationAST, getVariableValues, GraphQLError, OperationTypeNode, type DocumentNode, type GraphQLFormattedError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Role } from '../../domain/enums.ts';
import type { Gate } from '../../limits/createGate.ts';
import { deadlineExceeded, endInTime } from '../../limits/endInTime.ts';
import { holderOf } from '../../limits/holderOf.ts';
import { namedDocument } from '../../limits/namedDocument.ts';
import { OperationEnded } from '../../limits/RequestScope.ts';
import type { TrustedDocuments } from '../../limits/TrustedDocuments.ts';
import type { Actor } from '../../services/context.ts';
import { inSpan } from '../../telemetry/trace.ts';
import type { ServerContext } from '../context.ts';
import { countErrors, spanOf } from '../traceOperations.ts';
import { coded, Documents, InvalidDocument } from './documents.ts';
import type { Serialise } from './sharedSubscription.ts';
import { payloadOf, type Subscriber } from './subscriber.ts';
import { Subscriptions } from './subscriptions.ts';

/** Of documents and variables that run on one socket (characters): a subscription keeps its own for as long as it lasts. */
const mostKept = 1024 * 1024;

export interface OperationsOptions {
  schema: GraphQLSchema;
  gate: Gate;
  /** null: documents have no ids */
  trusted?: TrustedDocuments | null;
  /** of a query or a mutation; 0: none */
  deadlineMs?: number;
  /** running at a time on one socket; 0: any number */
  mostPerSocket?: number;
  /** of a document */
  maxTokens?: number;
  createContext(actor: Actor): ServerContext;
  /** for everybody with this role */
  createSharedContext(role: Role): ServerContext;
  /** A position that whoever reads after an event reads at least; null when every read is as new as any event. */
  passed(names: Iterable<string>): Promise<number | null>;
  formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
}

/** Runs what sockets ask for. */
export class Operations {
  readonly #options: OperationsOptions;
  readonly #documents: Documents;
  readonly #subscriptions: Subscriptions;
  readonly #serialise: Serialise = async (result, readers) => {
    const position = await this.#options.passed(readers);
    const answer = result.errors ? { ...result, errors: this.#masked(result.errors) } : result;
    return payloadOf(position === null ? answer : { ...answer, extensions: { ...answer.extensions, position } });
  };

  constructor(options: OperationsOptions) {
    this.#options = options;
    this.#documents = new Documents(options.gate.check, options.maxTokens);
    this.#subscriptions = new Subscriptions({
      createSharedContext: options.createSharedContext,
      serialise: this.#serialise,
      takeEvents: options.gate.takeEvents,
    });
  }

  /** @param running the operations that the socket has, this one included. Never rejects. */
  async run(payload: SubscribePayload, actor: Actor, subscriber: Subscriber, running: ReadonlySet<Subscriber>): Promise<void> {
    const { operationName, variables } = payload;
    try {
      const { mostPerSocket = 0 } = this.#options;
      if (mostPerSocket > 0 && running.size > mostPerSocket) throw coded(`One socket runs ${mostPerSocket} operations at most (LIMIT_OPERATIONS_PER_SOCKET).`, 'RATE_LIMITED');
      if (running.size > 1 && [...running].reduce((sum, { length }) => sum + length, 0) > mostKept) throw coded('The operations that run on one socket have 1 MB of documents and variables at most.', 'RATE_LIMITED');
      const query = namedDocument(payload, this.#options.trusted ?? null) ?? payload.query;
      const document = this.#documents.read(query);
      const operation = getOperationAST(document, operationName);
      if (!operation) throw coded('There is no operation with this name.', 'BAD_REQUEST');
      // No request of HTTP is above it. Of a subscription it is the beginning: nothing becomes a child of what has ended.
      await inSpan({ ...spanOf({ document, operationName }), kind: 'server' }, async (span) => {
        const cost = this.#costOf(document, operation, variables);
        const refused = this.#options.gate.admit(actor, cost);
        // Most know at once, and a turn of waiting would let messages that follow pass.
        const refusal = refused instanceof Promise ? await refused : refused;
        if (refusal) throw refusal;
        const request = { schema: this.#options.schema, document, operationName, variableValues: variables };
        if (operation.operation === OperationTypeNode.SUBSCRIPTION) return this.#subscriptions.join({ ...request, query, cost }, actor.role, subscriber);
        // It may have left while its points were asked for.
        const onLeave = (leave: () => void) => void (subscriber.isDone ? leave() : (subscriber.onLeave = leave));
        const result = await endInTime({ document, operationName, holder: holderOf(actor), onLeave }, this.#options.deadlineMs ?? 0, async () => execute({ ...request, contextValue: this.#options.createContext(actor) }));
        countErrors(span, result);
        subscriber.deliver('', await this.#serialise(result, [actor.name]));
        return subscriber.end();
      });
    } catch (error) {
      subscriber.fail(this.#masked(error instanceof InvalidDocument ? error.errors : [error instanceof OperationEnded ? deadlineExceeded(error) : (error as Error)]));
    }
  }

  /** In points. @throws {GraphQLError | InvalidDocument} variables that are not read */
  #costOf(document: DocumentNode, operation: OperationDefinitionNode, variables: SubscribePayload['variables']): number {
    const { schema, gate } = this.#options;
    const unread = gate.refuseInput(variables);
    if (unread) throw unread;
    const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {}, { maxErrors: 5 });
    if (errors) throw new InvalidDocument(errors.map(({ message, nodes }) => new GraphQLError(message, { nodes, extensions: { code: 'BAD_USER_INPUT' } })));
    return gate.costOf(document, operation, coerced);
  }

  #masked(errors: readonly Error[]): GraphQLFormattedError[] {
    return errors.map((error) => this.#options.formatError(error instanceof GraphQLError ? error.toJSON() : error, error));
  }
}
