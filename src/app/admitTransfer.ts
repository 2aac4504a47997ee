import type { RequestHandler, Response } from 'express';
import type { GraphQLError } from 'graphql';
import type { ErrorCode } from '../domain/errors.ts';
import { sendError } from '../http/errors.ts';
import type { ByteMeter } from '../http/meterOf.ts';
import type { Admission } from '../limits/Admission.ts';
import { holderOf } from '../limits/holderOf.ts';
import { Meter } from '../limits/Meter.ts';
import type { RateLimiter } from '../limits/RateLimiter.ts';
import type { Actor } from '../services/context.ts';

export interface TransferLimiting {
  rate: RateLimiter;
  /** how long one that has begun may wait for points of its key (ms) */
  patienceMs: number;
}

/** Points to begin with, as those of an operation and of a field of a mutation. */
export const beginning = { read: 10, write: 60 };

/**
 * Lets a file or a mail come or go where a place is free, besides the one that each key leaves to others, and its key has the points,
 * before anything of it is read; the place is free again when the answer is over. What comes and goes is counted by `meterOf`.
 *
 * @param countsLength what comes is read as a whole, so that all of it is paid for at once where its length is told
 */
export function admitTransfer(places: Admission, { rate, patienceMs }: TransferLimiting, { points, countsLength = false }: { points: number; countsLength?: boolean }): RequestHandler {
  return async (request, response, next) => {
    const actor = response.locals['actor'] as Actor;
    const leave = places.enter(holderOf(actor));
    if (!leave) return refuse(response, places.refuse());
    // Whoever left while their key was looked up closes nothing any more.
    if (request.socket.destroyed) return leave();
    response.once('close', leave);
    const meter = new Meter(rate, actor, patienceMs);
    const refusal = await meter.begin(points, countsLength ? Number(request.headers['content-length'] ?? 0) : 0);
    if (refusal) return refuse(response, refusal);
    response.locals['meter'] = meter satisfies ByteMeter;
    return next();
  };
}

/** Answers with a limit that was met; what else would come is not read. */
export function refuse(response: Response, { message, extensions }: GraphQLError): void {
  const { code, http, ...rest } = extensions as unknown as { code: ErrorCode; http: { status: number; headers: ReadonlyMap<string, string> } };
  for (const [name, value] of http.headers) response.set(name, value);
  sendError(response.set('connection', 'close'), code, message, http.status, rest);
}
