import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { InboundKind } from '../domain/enums.ts';
import { connectionOf } from './connection.ts';
import { DateTime } from './dateTime.ts';
import { describeEnum } from './enums.ts';
import { Json } from './json.ts';
import { Node } from './Node.ts';
import { PageArgs } from './PageArgs.ts';
import { UserError } from './UserError.ts';

describeEnum(InboundKind, 'InboundKind', 'What a mail that came in was taken for; more values may be added.', {
  REPLY: 'A person answered.',
  AUTO_REPLY: 'A machine answered: out of office and the like. Nothing follows from it.',
  BOUNCE: 'The message will never arrive.',
  DELIVERY_REPORT: 'A delay, a delivery, a read receipt. Nothing follows from it.',
  COMPLAINT: 'The message was marked as spam.',
  UNRELATED: 'It belongs to no message of ours.',
});

@ObjectType({ implements: Node, description: 'A mail that came in.', simpleResolvers: true })
export class InboundMessage extends Node {
  @Field(() => InboundKind, { description: 'What it was taken for.' })
  kind!: InboundKind;

  @Field(() => String, { nullable: true, description: 'The address that it is from, as it says; null once the person was erased.' })
  sender?: string | null;

  @Field(() => String, { nullable: true, description: 'Its subject; null once the person was erased.' })
  subject?: string | null;

  @Field(() => String, { nullable: true, description: 'The beginning of its text without what it quotes, 2,000 characters at most; null once the person was erased.' })
  excerpt?: string | null;

  @Field(() => Json, { description: 'What the kind rests on, such as the rule and the status code of a bounce.' })
  details!: object;

  @Field({ description: 'How it came in: mailbox or http.' })
  source!: string;

  @Field(() => DateTime, { nullable: true, description: 'When the mailbox got it.' })
  receivedAt?: Date | null;

  @Field(() => DateTime, { description: 'When it was taken in.' })
  createdAt!: Date;
}

export const InboundMessageConnection = connectionOf(InboundMessage, 'InboundMessage', 'mails that came in');

@InputType({ description: 'Which mails; every condition that is given must hold.' })
export class InboundMessageFilter {
  @Field(() => [InboundKind], { nullable: true, description: 'Taken for one of these kinds.' })
  kind?: InboundKind[] | null;

  @Field(() => ID, { nullable: true, description: 'About what was sent to this prospect.' })
  prospectId?: string | null;
}

@ArgsType()
export class InboundMessagesArgs extends PageArgs {
  @Field(() => InboundMessageFilter, { nullable: true, description: 'Which mails; all when absent.' })
  filter?: InboundMessageFilter | null;
}

@InputType({ description: 'How much is looked at again.' })
export class ReclassifyInboundInput {
  @Field(() => Int, { nullable: true, defaultValue: 500, description: 'Mails of this call, 500 at most.' })
  limit?: number | null;
}

@ObjectType({ description: 'What looking again at kept mails has found.', simpleResolvers: true })
export class ReclassifyInboundPayload {
  @Field(() => Int, { description: 'How many mails were looked at.' })
  lookedAt!: number;

  @Field(() => Int, { description: 'How many of them are of another kind now, or about another message.' })
  changed!: number;

  @Field(() => Int, { description: 'How many are still as an older classifier left them: call again.' })
  remaining!: number;

  @Field(() => [UserError], { description: 'Why nothing was done; empty after a success.' })
  userErrors!: UserError[];
}
