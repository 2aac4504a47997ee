import { Field, Float, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A server of DATABASE_REPLICA_URLS, as the server that answers sees it.', simpleResolvers: true })
export class ReadReplica {
  @Field({ description: 'Its host and port.' })
  name!: string;

  @Field({ description: 'Whether queries read from it.' })
  inUse!: boolean;

  @Field(() => Float, { nullable: true, description: 'How many milliseconds ago the primary was where it is now; 0 when it has everything, null when that is not known.' })
  lagMs?: number | null;

  @Field(() => Float, { nullable: true, description: 'How many bytes it has still to replay; null when that is not known.' })
  lagBytes?: number | null;

  @Field(() => String, { nullable: true, description: 'Why it is left out, and what to do; null while it is in use.' })
  reason?: string | null;
}
