import { createLogger, type Logger } from '../../src/config/logger.ts';
import { logContext } from '../../src/telemetry/logContext.ts';

/** A log that is kept, line by line. */
export function keepLog(secrets: readonly string[] = [], level = 'trace'): { log: Logger; lines: string[]; entries(): any[] } {
  const lines: string[] = [];
  const log = createLogger(level, { fields: logContext, secrets, destination: { write: (line) => void lines.push(line) } });
  return { log, lines, entries: () => lines.map((line) => JSON.parse(line)) };
}
