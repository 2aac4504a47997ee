import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { RepairStep } from './SchemaDrift.ts';
import { SchemaHealth } from './SchemaHealth.ts';
import { UserError } from './UserError.ts';

@InputType({ description: 'Which plan to run.' })
export class RepairSchemaInput {
  @Field(() => Boolean, { defaultValue: true, description: 'Only says what would run.' })
  dryRun!: boolean;

  @Field(() => String, { nullable: true, description: 'Required unless dryRun: the hash of the plan that was read; another one answers STALE and runs nothing.' })
  planHash?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Ids of the steps to run; every SAFE one when absent.' })
  stepIds?: string[] | null;
}

@InputType({ description: 'How to migrate.' })
export class ApplyMigrationsInput {
  @Field(() => Boolean, { defaultValue: true, description: 'Only says what would be applied.' })
  dryRun!: boolean;
}

@ObjectType({ description: 'What became of a repair or of migrations.', simpleResolvers: true })
export class SchemaRepair {
  @Field({ description: 'Whether nothing was to be changed.' })
  dryRun!: boolean;

  @Field(() => [RepairStep], { description: 'What was done.' })
  executed!: RepairStep[];

  @Field(() => [RepairStep], { description: 'What was not: it was not asked for, rests on something that failed, or this is a dry run.' })
  skipped!: RepairStep[];

  @Field(() => [RepairStep], { description: 'What failed, with the reason.' })
  failed!: RepairStep[];

  @Field({ description: 'Still running: its end comes through schemaHealthChanged.' })
  running!: boolean;

  @Field(() => SchemaHealth, { description: 'The schema as it is now.' })
  health!: SchemaHealth;

  @Field(() => [UserError], { description: 'Why nothing was done; empty after a success.' })
  userErrors!: UserError[];
}
