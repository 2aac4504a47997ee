import { collectGarbage } from './collectGarbage.ts';

/** What `run` leaves in memory when new objects were collected and old ones were not: garbage that outlives its request. It runs before that too, for what is made once. */
export async function keptBytes(run: () => Promise<void>): Promise<number> {
  const used = () => {
    // Twice: what survives the first is looked at again.
    collectGarbage({ type: 'minor' });
    collectGarbage({ type: 'minor' });
    return process.memoryUsage().heapUsed;
  };
  await run();
  collectGarbage();
  const before = used();
  await run();
  return used() - before;
}
