import { Field, Int, ObjectType } from 'type-graphql';
import { Channel } from '../domain/enums.ts';
import { DateTime } from './dateTime.ts';
import './enums.ts';

@ObjectType({ description: 'A DNS record that mailbox providers judge a sender by.', simpleResolvers: true })
export class SenderRecord {
  @Field({ description: 'SPF, DKIM, DMARC or MX.' })
  kind!: string;

  @Field(() => String, { nullable: true, description: 'As it stands in the DNS; null where there is none, or nobody knows.' })
  found?: string | null;

  @Field(() => String, { nullable: true, description: 'What is wrong and what to do; null when it is fine.' })
  problem?: string | null;
}

@ObjectType({ description: 'Whom messages come from: the limits of the settings count for each.', simpleResolvers: true })
export class Sender {
  @Field(() => Channel, { description: 'The way its messages go.' })
  channel!: Channel;

  @Field({ description: 'The e-mail address, or the host of the webhook.' })
  address!: string;

  @Field(() => Int, { description: 'Messages that count against the cap of today, those on their way included.' })
  sentToday!: number;

  @Field(() => Int, { description: 'Messages a day, as the settings have it.' })
  dailyCap!: number;

  @Field(() => String, { nullable: true, description: 'What holds its messages now: window, daily cap, gap, mail server; null when the next one may leave.' })
  blockedBy?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Until when.' })
  blockedUntil?: Date | null;

  @Field(() => [SenderRecord], { description: 'What the DNS says of it; empty until the first message, and on the social channel.' })
  records!: SenderRecord[];

  @Field(() => DateTime, { nullable: true, description: 'When the records were looked up.' })
  checkedAt?: Date | null;
}
