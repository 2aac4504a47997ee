import { Field, Float, ID, ObjectType } from 'type-graphql';
import { DateTime } from './dateTime.ts';
import { DriftKind } from './driftKind.ts';
import { DriftEffect, DriftSeverity, RepairRisk } from './healthEnums.ts';

@ObjectType({ description: 'An entry of the DDL journal.', simpleResolvers: true })
export class SchemaChange {
  @Field(() => DateTime, { description: 'When it happened.' })
  at!: Date;

  @Field({ description: 'The database role that did it.' })
  user!: string;

  @Field(() => String, { nullable: true, description: 'The application_name of the session.' })
  applicationName?: string | null;

  @Field(() => String, { nullable: true, description: 'The statement.' })
  statement?: string | null;
}

@ObjectType({ description: 'One statement that mends something.', simpleResolvers: true })
export class RepairStep {
  @Field(() => ID, { description: 'Stable for the same step.' })
  id!: string;

  @Field({ description: 'What would run.' })
  sql!: string;

  @Field(() => RepairRisk, { description: 'What it may do to rows and readers.' })
  risk!: keyof typeof RepairRisk;

  @Field({ description: 'The strongest PostgreSQL lock it takes, such as ACCESS EXCLUSIVE.' })
  lock!: string;

  @Field(() => String, { nullable: true, description: "Why it has that risk, in the operator's words." })
  note?: string | null;

  @Field(() => Float, { nullable: true, description: "Milliseconds, estimated from the table's size." })
  estimatedMs?: number | null;

  @Field(() => String, { nullable: true, description: 'The statement that takes it back, where there is one.' })
  undo?: string | null;

  @Field(() => [ID], { description: 'Ids of the differences that it ends.' })
  resolves!: string[];

  @Field(() => String, { nullable: true, description: 'Why it failed, after an attempt.' })
  error?: string | null;
}

@ObjectType({ description: 'A difference between the live schema and the expected one.', simpleResolvers: true })
export class SchemaDrift {
  @Field(() => ID, { description: 'Stable for the same difference from one check to the next.' })
  id!: string;

  @Field(() => DriftKind, { description: 'What differs.' })
  kind!: keyof typeof DriftKind;

  @Field(() => DriftSeverity, { description: 'How bad it is.' })
  severity!: keyof typeof DriftSeverity;

  @Field(() => String, { nullable: true, description: 'The table concerned.' })
  table?: string | null;

  @Field(() => String, { nullable: true, description: 'The column concerned.' })
  column?: string | null;

  @Field(() => String, { nullable: true, description: 'The name of the index, constraint, enum, trigger, … concerned.' })
  object?: string | null;

  @Field(() => DriftEffect, { description: 'What it does to people.' })
  effect!: keyof typeof DriftEffect;

  @Field(() => String, { nullable: true, description: 'The error an affected operation would meet, such as 42703.' })
  sqlState?: string | null;

  @Field(() => String, { nullable: true, description: 'What this build expects.' })
  expected?: string | null;

  @Field(() => String, { nullable: true, description: 'What is there.' })
  actual?: string | null;

  @Field({ description: 'One sentence that an operator at 3 a.m. understands.' })
  message!: string;

  @Field(() => String, { nullable: true, description: 'What the rows say: how many orphans, duplicates, NULLs, violations; null where it was not counted.' })
  evidence?: string | null;

  @Field(() => ID, { nullable: true, description: 'The difference that explains this one.' })
  causedBy?: string | null;

  @Field(() => [String], { description: 'GraphQL coordinates that cannot work while this lasts, such as Mutation.startDraftJob.' })
  affects!: string[];

  @Field(() => DateTime, { nullable: true, description: 'First seen by any process.' })
  since?: Date | null;

  @Field(() => SchemaChange, { nullable: true, description: 'Who did it, where the journal caught it.' })
  change?: SchemaChange | null;

  @Field(() => [RepairStep], { description: 'What mends it, in order; empty where nothing is safe.' })
  fixes!: RepairStep[];
}
