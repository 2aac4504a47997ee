import { Ctx, Query, Resolver } from 'type-graphql';
import { ReadReplica } from '../schema/ReadReplica.ts';
import type { Context } from './context.ts';

@Resolver()
export class ReplicaResolver {
  @Query(() => [ReadReplica], { description: 'The replicas that queries are read from, in the order of DATABASE_REPLICA_URLS; empty where there are none. Needs no database.' })
  readReplicas(@Ctx() context: Context): ReadReplica[] {
    return context.replicas();
  }
}
