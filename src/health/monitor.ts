import type { DriftHistory } from './memory/readPastDrifts.ts';
import type { RepairHistory } from './repair/readRepairs.ts';
import type { Feature, SchemaHealthReport, SchemaPolicy } from './report.ts';

/** "table" or "table.column" → the GraphQL coordinates that need it, such as "Mutation.startDraftJob". */
export type OperationMap = Readonly<Record<string, readonly string[]>>;

/** Why a GraphQL coordinate cannot work, in the words of extensions of SCHEMA_NOT_READY. */
export interface MissingParts {
  feature: Feature;
  /** "jobs.drafts_created", … */
  missing: string[];
  /** the command that mends it */
  fix: string;
}

export interface SchemaHealthOptions {
  /** the role that serves; privileges are judged for it */
  url: string;
  policy: SchemaPolicy;
  operations: OperationMap;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** how often drift is looked for while somebody listens, in ms; 1500 unless told */
  pollEvery?: number;
  /** how long a check may take before the database counts as unreachable, in ms; 2700 unless told */
  deadline?: number;
}

export interface SchemaHealthMonitor {
  /**
   * The present report. Never throws and never writes. An unchanged schema answers its last verdict;
   * `refresh` reads the catalog anyway. Concurrent callers share one reading.
   */
  check(options?: { refresh?: boolean }): Promise<SchemaHealthReport>;
  /** The last report, without asking the database; null before the first check. */
  readonly latest: SchemaHealthReport | null;
  /** Which database of which running server was read last, as `sql/identity.ts` asks for it; null before that. */
  readonly identity: string | null;
  /** Whether anything stops an operation, by the last report, or by one before it in what could not be read since. */
  readonly isBroken: boolean;
  /** Looks for drift every few seconds from now on, so that `latest` stays true; a server does. */
  watch(): void;
  /** Calls back whenever the verdict changes; answers how to stop. Listening starts the poll. */
  onChange(listener: (report: SchemaHealthReport) => void): () => void;
  /** Reads again and tells every listener, though the verdict be the same: while a repair goes on. Never throws. */
  announce(): Promise<SchemaHealthReport>;
  /**
   * What the coordinates lack according to the last report, and in what that could not read according to those before it;
   * null when they can work. `quietly`: only what no error would tell a reader.
   */
  missingFor(coordinates: string | readonly string[], options?: { quietly?: boolean }): MissingParts | null;
  /** What is known of the objects that an error of PostgreSQL names; null when nothing. */
  missingIn(message: string): MissingParts | null;
  /** What differed once, the newest end first, `first` of them. Never throws. */
  history(first: number): Promise<DriftHistory>;
  /** The `first` repairs and migrations that began last, of all processes. Never throws. */
  repairs(first: number): Promise<RepairHistory>;
  close(): Promise<void>;
}
