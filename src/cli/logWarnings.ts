import { environmentSecrets } from '../config/environment.ts';
import { createLogger } from '../config/logger.ts';
import { logContext } from '../telemetry/logContext.ts';

/** What Node.js warns of is one line of the log like every other. Where it was told not to warn (--no-warnings), nothing is. */
export function logWarnings(): void {
  if (process.listenerCount('warning') === 0) return;
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    createLogger('warn', { fields: logContext, secrets: environmentSecrets() }).warn({ err: warning, kind: warning.name }, 'Node.js warns');
  });
}
