import type { Way } from './acquireBy.ts';
import type { DatabaseClientConfig } from './databaseClient.ts';

/**
 * PgBouncer refuses to connect anybody who begins with a setting that it does not follow, unless its
 * `ignore_startup_parameters` names it: then connects without, and the role's own setting holds. So does a PostgreSQL that is too
 * old to know it.
 */
export const throughPoolers: Way = (acquire, pool) => {
  const options = pool.options as DatabaseClientConfig;
  // Between the pool, which lets go of it, and whoever asked for it nobody listens to a client for a turn: its end, heard in that turn, would end the process.
  pool.on('connect', (client) => void client.on('error', ignore));
  return async () => {
    // They name one at a time.
    for (let left = Object.keys(options.sessionParameters ?? {}).length; ; left -= 1) {
      try {
        return await acquire();
      } catch (error) {
        const refused = refusedParameter(error);
        if (refused === null || left === 0) throw error;
        options.sessionParameters = without(options.sessionParameters, refused);
      }
    }
  };
};

/** null for every other error */
function refusedParameter(error: unknown): string | null {
  const { code, message = '' } = error as { code?: string; message?: string };
  const names: Record<string, RegExp> = { '08P01': /unsupported startup parameter: (\w+)/, '42704': /"(\w+)"/ };
  return names[code ?? '']?.exec(message)?.[1] ?? null;
}

function without(parameters: DatabaseClientConfig['sessionParameters'] = {}, refused: string): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => name !== refused));
}

const ignore = (): void => {};
