import { Field, Float, Int, ObjectType } from 'type-graphql';
import { DateTime } from './dateTime.ts';
import { Feature, MigrationState, SchemaPolicy, SchemaStatus } from './healthEnums.ts';
import { RepairStep } from './SchemaDrift.ts';

@ObjectType({ description: 'Whether a feature can work.', simpleResolvers: true })
export class FeatureHealth {
  @Field(() => Feature, { description: 'The feature.' })
  feature!: keyof typeof Feature;

  @Field({ description: 'Whether all of it works.' })
  ready!: boolean;

  @Field(() => [String], { description: 'What it lacks, such as jobs.drafts_created.' })
  missing!: string[];

  @Field(() => [String], { description: 'GraphQL coordinates that cannot work.' })
  affects!: string[];
}

@ObjectType({ description: 'A migration of this build or of the history.', simpleResolvers: true })
export class MigrationHealth {
  @Field({ description: 'Its name.' })
  name!: string;

  @Field(() => MigrationState, { description: 'How it stands.' })
  state!: keyof typeof MigrationState;

  @Field(() => DateTime, { nullable: true, description: 'When it was applied.' })
  appliedAt?: Date | null;

  @Field(() => String, { nullable: true, description: 'Who applied it.' })
  appliedBy?: string | null;

  @Field(() => Float, { nullable: true, description: 'How long it took, in milliseconds.' })
  durationMs?: number | null;

  @Field(() => Int, { nullable: true, description: 'Statements that ran.' })
  statementsApplied?: number | null;

  @Field(() => Int, { nullable: true, description: 'Statements that it has.' })
  statementCount?: number | null;
}

@ObjectType({ description: 'The migrations of this database against those of this build.', simpleResolvers: true })
export class MigrationHistory {
  @Field(() => String, { nullable: true, description: 'The newest migration that was applied.' })
  head?: string | null;

  @Field({ description: 'The newest migration of this build.' })
  expectedHead!: string;

  @Field({ description: 'Whether both are the same and nothing is wrong in between.' })
  upToDate!: boolean;

  @Field(() => [MigrationHealth], { description: 'Every migration, in order.' })
  migrations!: MigrationHealth[];
}

@ObjectType({ description: 'The database that answers.', simpleResolvers: true })
export class DatabaseInfo {
  @Field({ description: 'The version of PostgreSQL.' })
  version!: string;

  @Field({ description: 'The name of the database.' })
  name!: string;

  @Field({ description: 'The schema that holds the tables.' })
  schema!: string;

  @Field({ description: 'The role that serves.' })
  user!: string;

  @Field(() => Float, { description: 'How long a round trip takes, in milliseconds.' })
  latencyMs!: number;
}

@ObjectType({ description: 'A part of the schema that this check could not read.', simpleResolvers: true })
export class UnverifiedPart {
  @Field({ description: 'The part.' })
  object!: string;

  @Field({ description: 'Why it was not read.' })
  reason!: string;
}

@ObjectType({ description: 'A session that holds the lock which kept a part from being read.', simpleResolvers: true })
export class LockBlocker {
  @Field(() => Int, { nullable: true, description: 'Its process; null for a prepared transaction.' })
  pid?: number | null;

  @Field(() => String, { nullable: true, description: 'The name of the prepared transaction.' })
  preparedTransaction?: string | null;

  @Field(() => String, { nullable: true, description: 'The database role.' })
  user?: string | null;

  @Field(() => String, { nullable: true, description: 'The application_name of the session.' })
  applicationName?: string | null;

  @Field(() => String, { nullable: true, description: 'What it runs; only for ADMIN, and null where the role may not see it (needs pg_read_all_stats).' })
  query?: string | null;

  @Field(() => Float, { nullable: true, description: 'How long its transaction has lasted, in milliseconds.' })
  heldForMs?: number | null;

  @Field(() => [String], { description: 'What it locks.' })
  objects!: string[];
}

/** `drift` and its argument are in src/resolvers/SchemaHealthResolver.ts. */
@ObjectType({ description: 'The live database schema against the expected one, and what that does to the operations.', simpleResolvers: true })
export class SchemaHealth {
  @Field(() => SchemaStatus, { description: 'The verdict.' })
  status!: keyof typeof SchemaStatus;

  @Field(() => SchemaPolicy, { description: 'What this process does with a schema that cannot work.' })
  policy!: keyof typeof SchemaPolicy;

  @Field({ description: 'One sentence: the verdict and the first thing to do.' })
  summary!: string;

  @Field(() => String, { nullable: true, description: 'Changes whenever the live schema or the expected one does.' })
  fingerprint?: string | null;

  @Field(() => DateTime, { description: 'When the catalog was read.' })
  checkedAt!: Date;

  @Field(() => Float, { description: 'How long the check took, in milliseconds.' })
  durationMs!: number;

  @Field(() => DatabaseInfo, { nullable: true, description: 'The database; null when it does not answer.' })
  database?: DatabaseInfo | null;

  @Field(() => MigrationHistory, { nullable: true, description: 'The migrations; null when they could not be read.' })
  migrations?: MigrationHistory | null;

  @Field(() => [FeatureHealth], { description: 'One verdict a feature.' })
  features!: FeatureHealth[];

  @Field(() => [UnverifiedPart], { description: 'What this check could not read.' })
  unverified!: UnverifiedPart[];

  @Field(() => [LockBlocker], { description: 'Who kept it from being read.' })
  blockers!: LockBlocker[];

  @Field(() => [RepairStep], { description: 'What would mend everything, in order.' })
  repairPlan!: RepairStep[];

  @Field(() => String, { nullable: true, description: 'Names exactly this plan on exactly this schema.' })
  planHash?: string | null;

  @Field(() => String, { nullable: true, description: 'Why it is UNREACHABLE.' })
  error?: string | null;
}
