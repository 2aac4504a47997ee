import { Field, ID, InputType, Int } from 'type-graphql';
import { Channel } from '../domain/enums.ts';
import './enums.ts';

@InputType({ description: 'Approved drafts to send.' })
export class SendMessagesInput {
  @Field(() => Channel, { defaultValue: Channel.EMAIL, description: 'The way they go.' })
  channel!: Channel;

  @Field(() => [ID], {
    nullable: true,
    description: 'Exactly these drafts, 1,000 at most; all must be fit to be sent. When absent, every approved draft of the channel: those that are not fit are skipped targets of the job.',
  })
  draftIds?: string[] | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Required without draftIds: how many approved drafts you saw, or how many of them `limit` leaves. Another count answers STALE.',
  })
  expectedCount?: number | null;

  @Field(() => ID, { nullable: true, description: 'Only drafts that this job wrote.' })
  jobId?: string | null;

  @Field(() => Int, { nullable: true, description: 'Only so many, the oldest first.' })
  limit?: number | null;

  @Field(() => String, { nullable: true, description: 'The same key never starts a second job; kept for 7 days.' })
  idempotencyKey?: string | null;
}
