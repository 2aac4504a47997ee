import type { RequestScope } from '../limits/RequestScope.ts';
import type { Context } from '../resolvers/context.ts';

/** Why a coordinate cannot work, in the words of SCHEMA_NOT_READY. */
export interface MissingParts {
  feature: string;
  missing: string[];
  fix: string;
}

export const notReadyMessage = ({ missing }: MissingParts): string => `The database schema is not ready: ${missing.join(', ')}.`;

/** What the server needs of a request besides what resolvers use. */
export interface ServerContext extends Context {
  /** Calls `leave` when whoever asked is gone; absent where nobody waits for one answer. */
  onLeave?: ((leave: () => void) => void) | undefined;
  /** Of the request over HTTP that this is for. */
  scope?: RequestScope | undefined;
  /** from now on `db` is the primary */
  usePrimary(): void;
  /** Runs what writes; whatever the caller reads after it, on any server, is not older. */
  writing<Result>(run: () => Result | Promise<Result>): Promise<Result>;
  /** by the last look, so that a sound schema costs a request nothing */
  isSchemaBroken(): boolean;
  /**
   * What keeps these coordinates from working, by a new look where the last one says so; null when they can.
   * `quietly`: only what no error would tell.
   */
  lacking(coordinates: readonly string[], options?: { quietly?: boolean }): Promise<MissingParts | null>;
  /** What the schema lacks that explains an error of PostgreSQL in these coordinates; null when it is not the schema. */
  explain(error: Error, coordinates: readonly string[]): Promise<MissingParts | null>;
}
