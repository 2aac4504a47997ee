import { randomUUID } from 'node:crypto';
import type { ErrorRequestHandler, Response } from 'express';
import { answerOf } from '../domain/databaseErrors.ts';
import { errorStatus, OutriderError, type ErrorCode } from '../domain/errors.ts';

/** A failure in the shape of a GraphQL answer, which every route of ours gives. */
export function sendError(response: Response, code: ErrorCode | 'BAD_REQUEST', message: string, status: number = statusOf(code), extensions: object = {}): void {
  response.status(status).json({ errors: [{ message, extensions: { code, ...extensions } }] });
}

/** A failure that may be shown; a client that has to wait is told how long. */
export function sendFailure(response: Response, { code, message, extensions }: OutriderError, status: number = statusOf(code)): void {
  const { retryAfterSeconds } = extensions;
  if (typeof retryAfterSeconds === 'number') response.set('retry-after', String(retryAfterSeconds));
  sendError(response, code, message, status, extensions);
}

const statusOf = (code: ErrorCode | 'BAD_REQUEST'): number => (code === 'BAD_REQUEST' ? 400 : errorStatus[code]);

/** Express's own answers are HTML, with a stack in development. */
export function jsonErrors(log: { error(details: object, message: string): void }): ErrorRequestHandler {
  return (error: { status?: number; type?: string }, _request, response, next) => {
    // It was answered before its parser was at its end.
    if (response.writableEnded) return;
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = error.status ?? 500;
    const answer = answerOf(error);
    switch (true) {
      case error instanceof OutriderError:
        sendFailure(response, error);
        return;
      case error.type === 'entity.too.large':
        sendError(response, 'BAD_REQUEST', 'The request is too large.', 413);
        return;
      case error.type === 'entity.parse.failed':
        sendError(response, 'BAD_REQUEST', 'The body is not valid JSON.');
        return;
      case status >= 400 && status < 500:
        sendError(response, 'BAD_REQUEST', 'The request cannot be read.', status);
        return;
      case answer !== null:
        if (answer.isLogged) log.error({ err: error }, answer.message);
        sendError(response, answer.code, answer.message, answer.code === 'BAD_USER_INPUT' ? 400 : 503);
        return;
      default: {
        const errorId = randomUUID();
        log.error({ errorId, err: error }, 'a request failed');
        sendError(response, 'INTERNAL_SERVER_ERROR', 'Something went wrong.', 500, { errorId });
      }
    }
  };
}
