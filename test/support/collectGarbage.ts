import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** All garbage, or with `minor` that among new objects. */
export function collectGarbage(options?: { type: 'minor' }): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as (options?: object) => void)(options);
}
