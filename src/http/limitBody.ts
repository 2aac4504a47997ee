import type { RequestHandler } from 'express';
import { sendError } from './errors.ts';

/** Pieces that a body comes in at most: a network sends some kilobytes at once. */
const mostPieces = 20_000;

/**
 * Refuses a body that is or becomes too large, when that is known: parsers of bodies read what is too large to its end before they
 * say so, and it may have none.
 */
export function limitBody(maxBytes: number): RequestHandler {
  return (request, response, next) => {
    const refuse = () => {
      if (!response.headersSent) sendError(response.set('connection', 'close'), 'BAD_REQUEST', 'The request is too large.', 413);
    };
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return refuse();
    let bytes = 0;
    let pieces = 0;
    // What reads the body listens in the same turn, so that nothing is lost.
    if (request.headers['content-length'] === undefined) {
      request.on('data', (piece: Buffer) => {
        bytes += piece.length;
        pieces += 1;
        if (bytes > maxBytes || pieces > mostPieces) refuse();
      });
    }
    return next();
  };
}
