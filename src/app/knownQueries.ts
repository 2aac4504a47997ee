import { AsyncResource } from 'node:async_hooks';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ExecutionRequest, Executor } from '../execution/executor.ts';
import { credentialsOf } from '../http/credentials.ts';
import type { Metrics } from '../http/metrics.ts';
import type { Access } from '../http/requireActor.ts';
import { deadlineExceeded } from '../limits/endInTime.ts';
import { OperationEnded } from '../limits/RequestScope.ts';
import type { Actor } from '../services/context.ts';
import { answerPlainly, plainHeaders } from './answerPlainly.ts';
import { costHeader } from './apollo.ts';

export interface KnownQueriesOptions {
  path: string;
  executor: Executor;
  access: Access;
  observe: Metrics['observe'];
  createContext: (request: IncomingMessage, response: ServerResponse, actor: Actor) => unknown;
  /** answers everything else */
  otherwise: RequestListener;
}

/**
 * Answers POSTs of queries that were executed before and now go well; they are most of what a server is asked, and what
 * stands on the way of the others costs them as much as the answer. The body is looked at and left in the request, so
 * that whatever is unusual, unknown or wrong takes the other way from the start.
 */
export function answerKnownQueries({ path, executor, access, observe, createContext, otherwise }: KnownQueriesOptions): RequestListener {
  async function answer(request: IncomingMessage, response: ServerResponse, known: Omit<ExecutionRequest, 'context'>): Promise<boolean> {
    const start = performance.now();
    // Wrong tokens are counted on the other way, once.
    const identity = await access.authenticator.identify(credentialsOf(request, access.origin).token);
    const data = identity && (await executor.write({ ...known, context: createContext(request, response, identity.actor) }));
    if (data === null) return false;
    const text = `{"data":${data}}`;
    response.once('finish', () => observe('POST', (performance.now() - start) / 1000, false));
    response.writeHead(200, [...plainHeaders(), 'content-length', String(Buffer.byteLength(text))]).end(text);
    return true;
  }

  function refuse(response: ServerResponse, ended: OperationEnded): void {
    observe('POST', 0, true);
    answerPlainly(response, deadlineExceeded(ended));
  }

  return (request, response) => {
    if (request.url !== path || !isPlainPost(request)) return otherwise(request, response);
    const look = () => {
      const known = knownQuery(peek(request), executor);
      if (!known) return otherwise(request, response);
      answer(request, response, known).then(
        (isAnswered) => isAnswered || otherwise(request, response),
        (error: unknown) => (error instanceof OperationEnded ? refuse(response, error) : otherwise(request, response)),
      );
      return undefined;
    };
    // Bound, so that its trace goes on: the event belongs to the connection.
    request.once('readable', AsyncResource.bind(look));
    return undefined;
  };
}

const jsonTypes: readonly (string | undefined)[] = ['application/json', 'application/json; charset=utf-8', 'application/json;charset=utf-8'];
const anyAnswer: readonly (string | undefined)[] = [undefined, '*/*', 'application/json'];

/** One that is answered as application/json whatever it asks. */
function isPlainPost({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' && headers['content-length'] !== undefined && headers['content-length'] !== '0' && headers['content-encoding'] === undefined && headers[costHeader] === undefined &&
    jsonTypes.includes(headers['content-type']) && anyAnswer.includes(headers.accept)
  );
}

/** The body where it has come in one piece, which stays to be read. */
function peek(request: IncomingMessage): Buffer | null {
  const chunk = request.read() as Buffer | null;
  if (chunk === null) return null;
  request.unshift(chunk);
  return chunk.length === Number(request.headers['content-length']) ? chunk : null;
}

function knownQuery(body: Buffer | null, { documentOf }: Executor): Omit<ExecutionRequest, 'context'> | null {
  if (body === null) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch {
    return null;
  }
  const { query, variables, operationName, extensions } = (parsed ?? {}) as Record<string, unknown>;
  if (typeof query !== 'string' || (extensions !== undefined && extensions !== null) || !isTextOrNone(operationName) || !isRecordOrNone(variables)) return null;
  const document = documentOf(query);
  return document ? { document, variables, operationName: operationName || undefined } : null;
}

const isTextOrNone = (value: unknown): value is string | null | undefined => value === undefined || value === null || typeof value === 'string';

const isRecordOrNone = (value: unknown): value is Record<string, unknown> | null | undefined =>
  value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value));
