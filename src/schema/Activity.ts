import { ArgsType, Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from './connection.ts';
import { DateTime } from './dateTime.ts';
import { Json } from './json.ts';
import { Node } from './Node.ts';
import { PageArgs } from './PageArgs.ts';

@ObjectType({ implements: Node, description: 'Who did what to what, and when; never changed afterwards.', simpleResolvers: true })
export class Activity extends Node {
  @Field({ description: 'The name of the key or the person; worker, cli and admin are the program itself.' })
  actor!: string;

  @Field({ description: 'Such as prospect.reviewed or job.cancelled.' })
  action!: string;

  @Field({ description: 'What kind of thing it was done to, such as Prospect.' })
  subjectType!: string;

  @Field(() => String, { nullable: true, description: 'The state before, where it is a change of state.' })
  from?: string | null;

  @Field(() => String, { nullable: true, description: 'The state after, where it is a change of state.' })
  to?: string | null;

  @Field(() => DateTime, { description: 'When it was done.' })
  at!: Date;

  @Field(() => Json, { description: 'What else is known of it; no personal data.' })
  details!: object;
}

export const ActivityConnection = connectionOf(Activity, 'Activity', 'activities');

@ArgsType()
export class ActivitiesArgs extends PageArgs {
  @Field(() => ID, { nullable: true, description: 'Only of what has this id; of everything when absent.' })
  subject?: string | null;
}
