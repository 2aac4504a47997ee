import { pino, type DestinationStream, type Logger } from 'pino';
import { describeError } from './describeError.ts';
import { createScrub } from './scrub.ts';

export type { Logger };

export interface LoggerOptions {
  /** what every line says besides; a new object each time */
  fields?: (() => object) | undefined;
  /** stand in no line, wherever they come from */
  secrets?: readonly string[];
  /** standard error unless told */
  destination?: DestinationStream;
}

/**
 * JSON lines on standard error; standard output belongs to what a command answers. Errors are described without the data
 * that they were about, and secrets and addresses are taken out of every line.
 */
export function createLogger(level: string, { fields, secrets = [], destination = pino.destination({ fd: 2, sync: true }) }: LoggerOptions = {}): Logger {
  return pino(
    {
      level,
      ...(fields ? { mixin: fields } : {}),
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError, error: describeError },
      redact: ['authorization', 'cookie', 'token', 'key', 'password', 'secret', 'url', 'body', 'email', '*.authorization', '*.cookie', '*.token', '*.password', '*.secret', '*.body', '*.email'],
      hooks: { streamWrite: createScrub(secrets) },
    },
    destination,
  );
}
