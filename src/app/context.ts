import type { Context } from '../resolvers/context.ts';

/** Why a coordinate cannot work, in the words of SCHEMA_NOT_READY. */
export interface MissingParts {
  feature: string;
  missing: string[];
  fix: string;
}

/** What the server needs of a request besides what resolvers use. */
export interface ServerContext extends Context {
  /** looks at the schema again, then says what the first of these coordinates that cannot work lacks */
  missingFor(coordinates: readonly string[]): Promise<MissingParts | null>;
}
