import { pino, type Logger } from 'pino';

export type { Logger };

/** JSON lines on standard error; standard output belongs to what a command answers. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: ['authorization', 'cookie', '*.authorization', '*.cookie', 'password', 'url'],
    },
    pino.destination({ fd: 2, sync: true }),
  );
}
