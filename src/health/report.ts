/**
 * What schema health answers: the contract's SchemaHealth as plain data. Enum values are in the contract's
 * spelling, dates are Dates, durations are milliseconds.
 */
import type { Blocker } from './liveCatalog.ts';
import type { DriftKind } from './driftKind.ts';

export type SchemaStatus = 'READY' | 'DRIFTED' | 'BROKEN' | 'UNVERIFIED' | 'UNREACHABLE';
export type SchemaPolicy = 'STRICT' | 'DEGRADE' | 'MIGRATE';
export type DriftSeverity = 'INFO' | 'WARNING' | 'BREAKING';
export type Feature = 'PROSPECTS' | 'WEBSITE_PIPELINE' | 'SOCIAL_PIPELINE' | 'JOBS' | 'DISCOVERY' | 'MESSAGING';
export type MigrationState = 'APPLIED' | 'PENDING' | 'UNKNOWN' | 'OUT_OF_ORDER' | 'CHANGED' | 'DUPLICATE' | 'HALF_APPLIED';
export type RepairRisk = 'SAFE' | 'CAUTION' | 'DANGEROUS';

/** What a difference does to people; the order of this list is the order of urgency. */
export const effectsByUrgency = [
  'LOST_WRITE',
  'CORRUPTION',
  'SILENT',
  'FAILS',
  'READ_FAILS',
  'WRITE_FAILS',
  'SLOW',
  'LATENT',
  'NONE',
] as const;
export type DriftEffect = (typeof effectsByUrgency)[number];

export interface RepairStep {
  id: string;
  sql: string;
  risk: RepairRisk;
  /** the strongest PostgreSQL lock it takes, such as ACCESS EXCLUSIVE */
  lock: string;
  note: string | null;
  estimatedMs: number | null;
  undo: string | null;
  /** ids of the differences that it ends */
  resolves: string[];
  error: string | null;
}

/** An entry of the DDL journal. */
export interface SchemaChange {
  at: Date;
  user: string;
  applicationName: string | null;
  statement: string | null;
}

export interface SchemaDrift {
  /** stable from one check to the next, such as "MISSING_COLUMN:jobs.drafts_created" */
  id: string;
  kind: DriftKind;
  severity: DriftSeverity;
  /** tables of the main schema without its name, others as "pgboss.job" */
  table: string | null;
  column: string | null;
  object: string | null;
  effect: DriftEffect;
  sqlState: string | null;
  expected: string | null;
  actual: string | null;
  message: string;
  evidence: string | null;
  causedBy: string | null;
  affects: string[];
  since: Date | null;
  change: SchemaChange | null;
  fixes: RepairStep[];
}

export interface FeatureHealth {
  feature: Feature;
  ready: boolean;
  /** "jobs.drafts_created", … */
  missing: string[];
  affects: string[];
}

export interface MigrationHealth {
  name: string;
  state: MigrationState;
  appliedAt: Date | null;
  appliedBy: string | null;
  durationMs: number | null;
  statementsApplied: number | null;
  statementCount: number | null;
}

export interface MigrationHistory {
  head: string | null;
  expectedHead: string;
  upToDate: boolean;
  migrations: MigrationHealth[];
}

export interface DatabaseInfo {
  version: string;
  name: string;
  schema: string;
  user: string;
  latencyMs: number;
}

export interface UnverifiedPart {
  object: string;
  reason: string;
}

export interface SchemaHealthReport {
  status: SchemaStatus;
  policy: SchemaPolicy;
  summary: string;
  fingerprint: string | null;
  checkedAt: Date;
  durationMs: number;
  database: DatabaseInfo | null;
  migrations: MigrationHistory | null;
  /** every severity, most urgent first */
  drift: SchemaDrift[];
  features: FeatureHealth[];
  unverified: UnverifiedPart[];
  blockers: Blocker[];
  repairPlan: RepairStep[];
  planHash: string | null;
  error: string | null;
}
