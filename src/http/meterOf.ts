import type { Response } from 'express';

/** Counts the bytes of a file or a mail that comes or goes, for whoever pays for them. */
export interface ByteMeter {
  /** Waits until so many bytes may come or go. @throws {GraphQLError} where that takes too long */
  count(bytes: number): Promise<void>;
  /** The same pieces, as they may come or go. */
  counted<Piece extends { length: number }>(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece>;
}

/** Of the transfer that was admitted. */
export const meterOf = (response: Response): ByteMeter => response.locals['meter'] as ByteMeter;
