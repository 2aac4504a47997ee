import type { Kysely } from 'kysely';
import type { Conflation } from '../events/conflation.ts';
import type { Loaders } from '../loaders/Loaders.ts';
import type { ReadReplica } from '../schema/ReadReplica.ts';
import type { SchemaHealth } from '../schema/SchemaHealth.ts';
import type { SchemaDrift } from '../schema/SchemaDrift.ts';
import type { SchemaDriftHistory } from '../schema/SchemaDriftHistory.ts';
import type { SchemaRepairHistory } from '../schema/SchemaRepairHistory.ts';
import type { Actor } from '../services/context.ts';
import type { JobContext } from '../services/jobContext.ts';
import type { DraftWatch } from '../services/drafts/watchDrafts.ts';
import type { RepairContext } from '../services/repairContext.ts';
import type { JobWatch } from '../services/watchJobs.ts';

/** What schema health answers; `drift` is narrowed by the field's argument. */
export type SchemaHealthReport = SchemaHealth & { drift: SchemaDrift[] };

/** Everything that a resolver may use; made for each request. */
export interface Context {
  actor: Actor;
  /** plain reads, outside any transaction */
  db: Kysely<never>;
  readonly loaders: Loaders;
  /** forgets what was loaded: after a write in the same request */
  refresh(): void;
  /** with an entity manager of its own */
  services(): JobContext;
  /** what mends the schema, without the entity manager that a broken schema may fail */
  repairs(): RepairContext;
  jobs: JobWatch;
  drafts: DraftWatch;
  /** what keeps a schema coordinate from working, by the last look; null when it can */
  missingFor(coordinate: string): { missing: string[]; fix: string } | null;
  schemaHealth(options: { refresh: boolean }): Promise<SchemaHealthReport>;
  /** the `first` differences that ended last */
  schemaDriftHistory(first: number): Promise<SchemaDriftHistory>;
  /** the `first` repairs that began last */
  schemaRepairs(first: number): Promise<SchemaRepairHistory>;
  /** the read replicas as this server sees them */
  replicas(): ReadReplica[];
  /** reports from now on, whenever the verdict changes */
  schemaHealthChanges(): Conflation<SchemaHealthReport>;
}
