import { pino, type Logger } from 'pino';

export type { Logger };

/**
 * JSON lines on standard error; standard output belongs to what a command answers.
 *
 * @param fields what every line says besides
 */
export function createLogger(level: string, fields?: () => object): Logger {
  return pino(
    {
      level,
      ...(fields ? { mixin: fields } : {}),
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: ['authorization', 'cookie', '*.authorization', '*.cookie', 'password', 'url'],
    },
    pino.destination({ fd: 2, sync: true }),
  );
}
