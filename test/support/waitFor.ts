import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves with the first truthy value of `condition`; a condition that throws counts as not yet true. */
export async function waitFor<T>(condition: () => T | Promise<T>, { timeoutMs = 60_000, intervalMs = 25 } = {}): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`The condition did not come true within ${timeoutMs} ms; last seen: ${String(last)}`);
    await sleep(intervalMs);
  }
}
