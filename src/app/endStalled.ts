import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { GraphQLError } from 'graphql';
import { answerPlainly } from './answerPlainly.ts';

/** Bytes a second that a client sends of a body, or takes of an answer, at least: less is as good as nothing. */
const leastBytesPerSecond = 1_000;
/** How long the rest of a body that was answered before it was read may take to come (ms), unless patience ends earlier. */
const longestRestMs = 5_000;

/** What has moved so far (bytes). */
interface Moved {
  received: number;
  taken: number;
  /** with the system, and not taken yet */
  queued: number;
}

/**
 * Ends requests whose body, and answers whose reader, comes to a stop or nearly: what is open for them, such as a transaction or a
 * place, is not held for ever. Nobody is ended for what the server keeps them waiting for.
 *
 * @param patienceMs after which at the latest; 0: never
 */
export function endStalled(answer: RequestListener, patienceMs: number): RequestListener {
  if (patienceMs === 0) return answer;
  const betweenLooksMs = patienceMs / 2;
  const restMs = Math.min(patienceMs, longestRestMs);
  const leastBytes = (leastBytesPerSecond * betweenLooksMs) / 1000;
  return (request, response) => {
    const { socket } = request;
    let before: Moved | null = null;
    const look = () => {
      timer = setTimeout(look, betweenLooksMs);
      const now = movedOn(socket);
      const since = before;
      before = now;
      if (since === null) return;
      if (!request.complete && request.readableLength === 0 && now.received - since.received < leastBytes) tellTooSlow(request, response);
      else if (response.writableLength > 0 && takenBetween(since, now) < leastBytes) response.destroy();
    };
    let timer = setTimeout(look, betweenLooksMs);
    response.once('close', () => {
      clearTimeout(timer);
      if (!request.complete) endUnlessComplete(request, restMs);
    });
    void answer(request, response);
  };
}

function movedOn(socket: Socket): Moved {
  const { _handle: handle } = socket as { _handle?: { writeQueueSize?: number } | null };
  return { received: socket.bytesRead, taken: socket.bytesWritten - socket.writableLength, queued: handle?.writeQueueSize ?? 0 };
}

/** A piece counts as taken when all of it is; the system takes it bit by bit. */
function takenBetween(since: Moved, now: Moved): number {
  return now.taken > since.taken ? now.taken - since.taken : since.queued - now.queued;
}

function tellTooSlow(request: IncomingMessage, response: ServerResponse): void {
  const slow = new Error('it came more slowly than 1 kB a second');
  if (response.headersSent) return void request.destroy(slow);
  response.once('finish', () => request.destroy(slow));
  return answerPlainly(
    response,
    new GraphQLError('The request did not come to its end in time.', { extensions: { code: 'BAD_REQUEST', http: { status: 408, headers: new Map([['connection', 'close']]) } } }),
  );
}

/** Node reads on, so that the connection can be used again, for as long as something comes. */
function endUnlessComplete(request: IncomingMessage, restMs: number): void {
  setTimeout(() => {
    if (!request.complete) request.socket.destroy();
  }, restMs).unref();
}
