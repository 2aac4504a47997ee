import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionOf } from './connection.ts';
import { DateTime } from './dateTime.ts';
import { ProspectFilter } from './filters.ts';
import { Json } from './json.ts';
import { Node } from './Node.ts';
import { UserError } from './UserError.ts';

@ObjectType({ implements: Node, description: 'A filter of prospects under a name.', simpleResolvers: true })
export class SavedFilter extends Node {
  @Field({ description: 'Unique.' })
  name!: string;

  @Field(() => Json, { description: 'A ProspectFilter as a variable takes it.' })
  filter!: object;

  @Field(() => String, { nullable: true, description: 'Who saved it first.' })
  createdBy?: string | null;

  @Field(() => DateTime, { description: 'When it was first saved.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it was last saved.' })
  updatedAt!: Date;
}

export const SavedFilterConnection = connectionOf(SavedFilter, 'SavedFilter', 'saved filters');

@InputType({ description: 'A filter to keep.' })
export class SaveFilterInput {
  @Field({ description: 'Unique; 200 characters at most.' })
  name!: string;

  @Field(() => ProspectFilter, { description: 'Which prospects.' })
  filter!: ProspectFilter;

  @Field({ defaultValue: false, description: 'Overwrite the one with this name; without it that answers CONFLICT.' })
  replace!: boolean;
}

@InputType({ description: 'The saved filter that goes.' })
export class DeleteSavedFilterInput {
  @Field(() => ID, { description: 'The saved filter.' })
  id!: string;
}

@ObjectType({ description: 'What became of a saved filter.', simpleResolvers: true })
export class SavedFilterPayload {
  @Field(() => [UserError], { description: 'Why nothing was done; empty after a success.' })
  userErrors!: UserError[];
}
