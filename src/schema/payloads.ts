import { Field, ID, Int, ObjectType } from 'type-graphql';
import { UserError } from './UserError.ts';

const userErrors = { description: 'Why nothing, or not everything, was done; empty after a success.' };

@ObjectType({ description: 'What became of a prospect.', simpleResolvers: true })
export class ProspectPayload {
  @Field(() => [UserError], userErrors)
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of a deletion.', simpleResolvers: true })
export class DeleteProspectsPayload {
  @Field(() => Int, { description: 'How many are gone.' })
  deletedCount!: number;

  @Field(() => [UserError], userErrors)
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of a review.', simpleResolvers: true })
export class ReviewProspectsPayload {
  @Field(() => Int, { description: 'How many changed.' })
  changedCount!: number;

  @Field(() => Int, { description: 'How many did not.' })
  failedCount!: number;

  @Field(() => [ID], { description: 'The first 100 of those that did not change; userErrors says why.' })
  failedIds!: string[];

  @Field(() => ID, { nullable: true, description: 'Names this decision, to list it (ProspectFilter.reviewBatch) or to take it back.' })
  batch?: string | null;

  @Field(() => [UserError], userErrors)
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of a job.', simpleResolvers: true })
export class JobPayload {
  @Field(() => [UserError], userErrors)
  userErrors!: UserError[];

  @Field(() => [String], { description: 'What may go wrong all the same, such as missing DNS records of the sender.' })
  warnings!: string[];
}

@ObjectType({ description: 'What became of a message.', simpleResolvers: true })
export class MessagePayload {
  @Field(() => [UserError], userErrors)
  userErrors!: UserError[];
}
