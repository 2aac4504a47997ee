import { Field, ID, ObjectType } from 'type-graphql';
import { UserErrorCode } from '../domain/errors.ts';
import './enums.ts';

@ObjectType({ description: 'An expected failure of a mutation, as data.', simpleResolvers: true })
export class UserError {
  @Field(() => UserErrorCode, { description: 'The kind of failure.' })
  code!: UserErrorCode;

  @Field({ description: 'One sentence for a person.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The path into the input, such as ["input", "ids", "3"].' })
  field?: string[];

  @Field(() => ID, { nullable: true, description: 'The entity concerned, where there is one.' })
  target?: string;

  @Field(() => [String], { nullable: true, description: 'For ILLEGAL_TRANSITION: the states that are allowed from here.' })
  allowed?: string[];
}
