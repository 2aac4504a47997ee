import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Platform, SuppressionKind } from '../domain/enums.ts';
import { EmailAddress } from './emailAddress.ts';
import { PageArgs } from './PageArgs.ts';
import './Suppression.ts';
import { UserError } from './UserError.ts';

@InputType({ description: 'Whom to suppress: exactly one of email, domain, prospectId and handle.' })
export class SuppressInput {
  @Field(() => EmailAddress, { nullable: true, description: 'One address.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'A domain with everything below it, such as example.org.' })
  domain?: string | null;

  @Field(() => ID, { nullable: true, description: 'A prospect: its address, its handles and its page.' })
  prospectId?: string | null;

  @Field(() => String, { nullable: true, description: 'A handle; `platform` says where.' })
  handle?: string | null;

  @Field(() => Platform, { nullable: true, description: 'Where the handle is.' })
  platform?: Platform | null;

  @Field(() => String, { nullable: true, description: 'Why, for people; it outlives the erasure of the person, so that no personal data belongs here.' })
  reason?: string | null;
}

@InputType({ description: 'Whom to contact again: exactly one of email, domain, prospectId and handle.' })
export class UnsuppressInput {
  @Field(() => EmailAddress, { nullable: true, description: 'One address.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'A domain, exactly as it was suppressed.' })
  domain?: string | null;

  @Field(() => ID, { nullable: true, description: 'A prospect: its address, its handles and its page.' })
  prospectId?: string | null;

  @Field(() => String, { nullable: true, description: 'A handle; `platform` says where.' })
  handle?: string | null;

  @Field(() => Platform, { nullable: true, description: 'Where the handle is.' })
  platform?: Platform | null;
}

@InputType({ description: 'Whom to erase.' })
export class EraseProspectInput {
  @Field(() => ID, { description: 'The prospect.' })
  id!: string;
}

@ArgsType()
export class SuppressionsArgs extends PageArgs {
  @Field(() => [SuppressionKind], { nullable: true, description: 'Of one of these kinds; of all when absent.' })
  kind?: SuppressionKind[] | null;
}

@ObjectType({ description: 'What became of a suppression.', simpleResolvers: true })
export class SuppressPayload {
  @Field(() => Int, { description: 'How many prospects are excluded by it that were not before.' })
  excludedCount!: number;

  @Field(() => [UserError], { description: 'Why nothing was done; empty after a success.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of a suppression that was taken back.', simpleResolvers: true })
export class UnsuppressPayload {
  @Field(() => Int, { description: 'How many prospects may be contacted again; those that something else suppresses may not.' })
  readmittedCount!: number;

  @Field(() => [UserError], { description: 'Why nothing was done; empty after a success.' })
  userErrors!: UserError[];
}
