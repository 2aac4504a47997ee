import { Field, ObjectType } from 'type-graphql';
import { UserError } from './UserError.ts';

@ObjectType({ description: 'What became of a draft.', simpleResolvers: true })
export class DraftPayload {
  @Field(() => [UserError], { description: 'Why nothing was done; empty after a success.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of drafts that were decided over.', simpleResolvers: true })
export class ReviewDraftsPayload {
  @Field(() => [UserError], { description: 'Why drafts stayed as they are, one for each of these; empty when all changed.' })
  userErrors!: UserError[];
}
