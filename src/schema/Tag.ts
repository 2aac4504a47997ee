import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { ProspectFilter } from './filters.ts';
import { UserError } from './UserError.ts';

@ObjectType({ description: 'A tag with the number of prospects that have it.', simpleResolvers: true })
export class TagCount {
  @Field({ description: 'The tag.' })
  tag!: string;

  @Field(() => Int, { description: 'How many prospects have it.' })
  count!: number;
}

@ArgsType()
export class TagsArgs {
  @Field(() => Int, { defaultValue: 50, description: 'How many; 100 at most.' })
  first!: number;

  @Field(() => String, { nullable: true, description: 'Only tags that contain this, letter case aside.' })
  search?: string | null;
}

@InputType({ description: 'Which prospects get and lose which tags.' })
export class TagProspectsInput {
  @Field(() => [ID], { nullable: true, description: 'Explicit prospects, 1,000 at most; these or a filter.' })
  ids?: string[] | null;

  @Field(() => ProspectFilter, { nullable: true, description: 'Every prospect that it selects.' })
  filter?: ProspectFilter | null;

  @Field(() => Int, { nullable: true, description: 'Required with filter: another count answers STALE and changes nothing.' })
  expectedCount?: number | null;

  @Field(() => [String], { nullable: true, description: 'Tags that they shall have; 100 characters at most each.' })
  add?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Tags that they shall not have.' })
  remove?: string[] | null;
}

@ObjectType({ description: 'What became of tagging prospects.', simpleResolvers: true })
export class TagProspectsPayload {
  @Field(() => Int, { description: 'How many changed; those that had just these tags do not count.' })
  changedCount!: number;

  @Field(() => Int, { description: 'How many of the ids name no prospect.' })
  failedCount!: number;

  @Field(() => [ID], { description: 'The first 100 of these.' })
  failedIds!: string[];

  @Field(() => [UserError], { description: 'Why nothing, or not everything, was done; empty after a success.' })
  userErrors!: UserError[];
}
