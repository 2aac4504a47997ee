/**
 * Waits for Ctrl+C or SIGTERM, then runs `stop`. A second signal while stopping ends the process at once.
 */
export async function untilSignal(stop: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  const exitNow = () => process.exit(130);
  process.once('SIGINT', exitNow);
  process.once('SIGTERM', exitNow);
  await stop();
  process.off('SIGINT', exitNow);
  process.off('SIGTERM', exitNow);
}
