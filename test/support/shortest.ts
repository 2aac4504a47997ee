/**
 * The first result whose `milliseconds` stay below `limit`, or that of the last of five attempts. A machine with much else to do adds
 * time that is not the work's; what takes too long by itself does so at every attempt.
 */
export async function shortest<T>(limit: number, attempt: () => Promise<T>, milliseconds: (result: T) => number): Promise<T> {
  let result = await attempt();
  for (let more = 0; more < 4 && milliseconds(result) >= limit; more++) result = await attempt();
  return result;
}

/** What `work` comes to, and how long it takes (ms). */
export async function timed<T>(work: () => Promise<T>): Promise<{ value: T; took: number }> {
  const started = performance.now();
  const value = await work();
  return { value, took: performance.now() - started };
}
