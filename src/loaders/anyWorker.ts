import type { Kysely } from 'kysely';
import { workers } from '../queries/workers.ts';
import type { Loaders } from './Loaders.ts';

const field = {};

/** Whether a worker has reported lately; asked once a request. */
export function anyWorker({ db, loaders }: { db: Kysely<never>; loaders: Loaders }): Promise<boolean> {
  const load = async (keys: readonly string[]) => {
    const found = (await workers(db)).length > 0;
    return keys.map(() => found);
  };
  return loaders.for(field, 'anyWorker', () => ({ name: 'anyWorker', load })).load('any');
}
