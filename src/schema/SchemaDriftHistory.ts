import { ArgsType, Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from './dateTime.ts';
import { DriftEffect } from './healthEnums.ts';

@ObjectType({ description: 'A difference that was there once, and that no other one explained.', simpleResolvers: true })
export class PastDrift {
  @Field(() => ID, { description: 'As of SchemaDrift; the same difference may have come and gone more than once.' })
  id!: string;

  @Field(() => DateTime, { description: 'First seen by any process.' })
  since!: Date;

  @Field(() => DateTime, { description: 'When it was first seen that it is gone.' })
  until!: Date;

  @Field(() => DriftEffect, { nullable: true, description: 'What it did to people; null where no process saw both its beginning and its end.' })
  effect?: keyof typeof DriftEffect | null;

  @Field(() => String, { nullable: true, description: 'What was said of it when it was last seen.' })
  message?: string | null;

  @Field(() => String, { nullable: true, description: 'The database role that made it, where the journal caught it.' })
  changedBy?: string | null;
}

@ObjectType({ description: 'What differed once. It is kept for ninety days.', simpleResolvers: true })
export class SchemaDriftHistory {
  @Field(() => [PastDrift], { nullable: true, description: 'The newest end first; null when it could not be read.' })
  ended?: PastDrift[] | null;

  @Field(() => String, { nullable: true, description: 'Why it could not be read.' })
  error?: string | null;
}

export const mostOfHistory = 500;

@ArgsType()
export class SchemaHistoryArgs {
  @Field(() => Int, { defaultValue: 100, description: `How many, ${mostOfHistory} at most.` })
  first!: number;
}
