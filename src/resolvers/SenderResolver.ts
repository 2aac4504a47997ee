import { Ctx, Query, Resolver } from 'type-graphql';
import { Sender } from '../schema/Sender.ts';
import { listSenders } from '../services/sending/listSenders.ts';
import type { Context } from './context.ts';

@Resolver(() => Sender)
export class SenderResolver {
  @Query(() => [Sender], { nullable: true, description: 'Whom messages come from, what holds them, and what the DNS says of them.' })
  senders(@Ctx() context: Context): Promise<Sender[]> {
    return listSenders(context.services());
  }
}
