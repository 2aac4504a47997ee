import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { inLogContext } from '../telemetry/logContext.ts';

export const requestIdHeader = 'x-request-id';

/** Whatever is logged of a request has its id: the one that a proxy gave it, or one of ours; the answer tells it. */
export function identifyRequests(handle: RequestListener): RequestListener {
  return (request, response) => inLogContext({ requestId: requestIdOf(request) }, () => handle(request, response));
}

/** Anybody can send one: it is taken when it can do no harm in a log. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[requestIdHeader];
  return typeof given === 'string' && /^[\w.:-]{8,64}$/.test(given) ? given : randomUUID();
}
