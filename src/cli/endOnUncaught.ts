import { environmentSecrets } from '../config/environment.ts';
import { createLogger } from '../config/logger.ts';
import { logContext } from '../telemetry/logContext.ts';

const uncaughtCode = 1;

/**
 * What nobody catches ends the process, as it does by itself, after one line of the log like every other: Node.js would print the
 * error as it is, with the URL or the row that it is about. Exit handlers run, and with them the one that stops the embedded PostgreSQL.
 */
export function endOnUncaught(): void {
  process.on('uncaughtException', (error, origin) => {
    try {
      const what = origin === 'unhandledRejection' ? 'a rejected promise' : 'an error';
      createLogger('fatal', { fields: logContext, secrets: environmentSecrets() }).fatal({ err: error }, `the process ends: nobody expected ${what}`);
    } finally {
      process.exit(uncaughtCode);
    }
  });
}
