import { Field, Int, ObjectType } from 'type-graphql';
import { Channel, MessageStatus, WaitingReason } from '../domain/enums.ts';
import { connectionOf } from './connection.ts';
import { DateTime } from './dateTime.ts';
import './enums.ts';
import { Node } from './Node.ts';

@ObjectType({ implements: Node, description: 'An approved draft on its way, with exactly the text that was approved.', simpleResolvers: true })
export class Message extends Node {
  @Field(() => Channel, { description: 'The way it goes.' })
  channel!: Channel;

  @Field(() => MessageStatus, { description: 'How far it has come.' })
  status!: MessageStatus;

  @Field({ description: 'Whether it follows up an earlier message.' })
  isFollowUp!: boolean;

  @Field(() => String, { nullable: true, description: 'The subject of an e-mail; null on the social channel.' })
  subject?: string | null;

  @Field({ description: 'The text; empty once the prospect was erased.' })
  body!: string;

  @Field(() => String, { nullable: true, description: 'Why it was not sent, or what is unknown about it.' })
  error?: string | null;

  @Field(() => String, { nullable: true, description: "Where it goes: the e-mail address or the profile's URL." })
  recipient?: string | null;

  @Field(() => String, { nullable: true, description: 'Why it waits: window, daily cap, gap, suppression, configuration.' })
  blockedBy?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Not before.' })
  dueAt?: Date | null;

  @Field(() => Int, { description: 'How often it was tried.' })
  attempts!: number;

  @Field(() => DateTime, { description: 'When it was queued.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was sent.' })
  sentAt?: Date | null;
}

export const MessageConnection = connectionOf(Message, 'Message', 'messages');

@ObjectType({ description: 'Messages that wait for the same.', simpleResolvers: true })
export class WaitingMessages {
  @Field(() => Channel, { description: 'The way they go.' })
  channel!: Channel;

  @Field(() => WaitingReason, { description: 'What holds them.' })
  reason!: WaitingReason;

  @Field(() => String, { nullable: true, description: 'As one of them says it; null where nothing holds them.' })
  blockedBy?: string | null;

  @Field(() => Int, { description: 'How many there are.' })
  count!: number;

  @Field(() => DateTime, { nullable: true, description: 'None of them leaves before; null where none says so.' })
  dueAt?: Date | null;
}
