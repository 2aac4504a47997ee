import { Field, Int, ObjectType } from 'type-graphql';
import { PipelineStage, Role, SourceType } from '../domain/enums.ts';
import { DateTime } from './dateTime.ts';
import './enums.ts';

@ObjectType({ description: 'How many prospects are at one stage.', simpleResolvers: true })
export class StageCount {
  @Field(() => PipelineStage, { description: 'The stage.' })
  stage!: PipelineStage;

  @Field(() => Int, { description: 'How many.' })
  count!: number;
}

@ObjectType({ description: 'The funnel: every prospect at exactly one stage.', simpleResolvers: true })
export class PipelineStatus {
  @Field(() => SourceType, { nullable: true, description: 'The pipeline that was counted; null for both.' })
  sourceType?: SourceType | null;

  @Field(() => Int, { description: 'All prospects of it.' })
  total!: number;

  @Field(() => [StageCount], { description: 'One count a stage, in the order of the pipeline; they sum to `total`.' })
  stages!: StageCount[];

  @Field(() => Int, { nullable: true, description: 'Jobs that have not ended.' })
  activeJobs?: number | null;

  @Field(() => DateTime, { description: 'When it was counted.' })
  countedAt!: Date;
}

@ObjectType({ description: 'Who is asking.', simpleResolvers: true })
export class Viewer {
  @Field({ description: 'The name of the key or the person.' })
  name!: string;

  @Field(() => Role, { description: 'What they may do.' })
  role!: Role;
}
