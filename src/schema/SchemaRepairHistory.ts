import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from './dateTime.ts';
import { RepairAction, RepairState, RepairStepState } from './healthEnums.ts';
import { RepairStep } from './SchemaDrift.ts';

@ObjectType({ description: 'What became of a step of a repair, so far.', simpleResolvers: true })
export class RecordedStep {
  @Field(() => RepairStep, { description: 'The step.' })
  step!: RepairStep;

  @Field(() => RepairStepState, { description: 'How far it is.' })
  state!: keyof typeof RepairStepState;

  @Field(() => DateTime, { nullable: true, description: 'When it began.' })
  startedAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it ended.' })
  finishedAt?: Date | null;

  @Field(() => String, { nullable: true, description: 'Who keeps it waiting, while somebody does.' })
  waitingFor?: string | null;
}

@ObjectType({ description: 'A repair or a migration, as whatever process runs it has written it down.', simpleResolvers: true })
export class RecordedRepair {
  @Field(() => ID, { description: 'Names it; subjectId of its activities.' })
  id!: string;

  @Field(() => RepairAction, { description: 'What it does.' })
  action!: keyof typeof RepairAction;

  @Field(() => RepairState, { description: 'How far it is.' })
  state!: keyof typeof RepairState;

  @Field({ description: 'Who asked for it.' })
  requestedBy!: string;

  @Field(() => String, { nullable: true, description: 'The plan that was read; null for migrations.' })
  planHash?: string | null;

  @Field(() => DateTime, { description: 'When it began.' })
  startedAt!: Date;

  @Field(() => DateTime, { description: 'Renewed every two seconds while it runs; older than that, and its process has died.' })
  seenAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it ended.' })
  finishedAt?: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it failed.' })
  error?: string | null;

  @Field(() => [RecordedStep], { description: 'The steps that were chosen, in order.' })
  steps!: RecordedStep[];
}

@ObjectType({ description: 'Repairs and migrations that were asked for.', simpleResolvers: true })
export class SchemaRepairHistory {
  @Field(() => [RecordedRepair], { nullable: true, description: 'The newest first; null when they could not be read.' })
  repairs?: RecordedRepair[] | null;

  @Field(() => String, { nullable: true, description: 'Why they could not be read.' })
  error?: string | null;
}
