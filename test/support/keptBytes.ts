import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What `run` leaves in memory when new objects were collected and old ones were not: garbage that outlives its request. It runs before that too, for what is made once. */
export async function keptBytes(run: () => Promise<void>): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options?: object) => void;
  const used = () => {
    // Twice: what survives the first is looked at again.
    collect({ type: 'minor' });
    collect({ type: 'minor' });
    return process.memoryUsage().heapUsed;
  };
  await run();
  collect();
  const before = used();
  await run();
  return used() - before;
}
