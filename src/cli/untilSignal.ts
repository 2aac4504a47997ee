const signals = ['SIGINT', 'SIGTERM'] as const;
const exitNow = (): never => process.exit(130);

/**
 * Ends the process at once on Ctrl+C or SIGTERM until `untilSignal` takes over. Unlike the default it runs the exit
 * handlers, and with them the one that stops the embedded PostgreSQL.
 */
export function exitOnSignal(): void {
  signals.forEach((signal) => process.once(signal, exitNow));
}

/**
 * Waits for Ctrl+C or SIGTERM, then runs `stop`. A second signal while stopping ends the process at once.
 */
export async function untilSignal(stop: () => Promise<void>): Promise<void> {
  signals.forEach((signal) => process.off(signal, exitNow));
  await new Promise<void>((resolve) => signals.forEach((signal) => process.once(signal, () => resolve())));
  exitOnSignal();
  await stop();
  signals.forEach((signal) => process.off(signal, exitNow));
}
