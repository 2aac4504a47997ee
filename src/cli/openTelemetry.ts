import { within } from '../app/within.ts';
import type { Environment } from '../config/environment.ts';
import { createLogger, type Logger } from '../config/logger.ts';
import { logContext } from '../telemetry/logContext.ts';

/** How long the end of a process may wait for a receiver of traces (ms). */
const handInMs = 3_000;

export interface Telemetry {
  log: Logger;
  /** Hands in the spans that are left. */
  close(): Promise<void>;
}

/** The log of a process that serves or works, and its traces where an exporter is configured. */
export async function openTelemetry({ logLevel, tracing, secrets }: Environment): Promise<Telemetry> {
  if (!tracing) return { log: createLogger(logLevel, { fields: logContext, secrets }), close: async () => {} };
  // Only who exports traces pays for loading OpenTelemetry.
  const [{ openTracing }, { traceFields }] = await Promise.all([import('../telemetry/openTracing.ts'), import('../telemetry/trace.ts')]);
  const log = createLogger(logLevel, { fields: () => ({ ...logContext(), ...traceFields() }), secrets });
  const { close } = openTracing(tracing, log);
  return {
    log,
    async close() {
      await within(handInMs, close());
      // Everything else has ended; the exporter's own sockets and timers would hold the process until they time out.
      setTimeout(() => process.exit(), 100).unref();
    },
  };
}
