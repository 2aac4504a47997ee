import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { nodeByKey } from '../loaders/nodeLoader.ts';
import { scraperHistoryOf } from '../loaders/scraperHistory.ts';
import type { Connection, Row } from '../queries/list.ts';
import { listDiscoveryQueries } from '../queries/lists.ts';
import {
  DiscoverInput, DiscoveryQueriesArgs, DiscoveryQuery, DiscoveryQueryConnection, RunDiscoveryQueryInput, ScraperRequestConnection,
} from '../schema/DiscoveryQuery.ts';
import { Job } from '../schema/Job.ts';
import { PageArgs } from '../schema/PageArgs.ts';
import { JobPayload } from '../schema/payloads.ts';
import { discover } from '../services/discovery/discover.ts';
import { runDiscoveryQuery } from '../services/discovery/runDiscoveryQuery.ts';
import type { Context } from './context.ts';
import { answer, type JobAnswer } from './JobMutations.ts';
import { requireUuid } from './userErrors.ts';

@Resolver(() => DiscoveryQuery)
export class DiscoveryResolver {
  @Query(() => DiscoveryQueryConnection, { nullable: true, description: 'The searches that were run, newest first.' })
  discoveryQueries(
    @Ctx() { db }: Context,
    @Info() info: GraphQLResolveInfo,
    @Args(() => DiscoveryQueriesArgs) args: DiscoveryQueriesArgs,
  ): Promise<Connection> {
    return listDiscoveryQueries(db, args, info);
  }

  @Mutation(() => JobPayload, { description: 'Searches for prospects; the search is kept, and found again when the same is searched again.' })
  discover(
    @Ctx() context: Context,
    @Arg('input', () => DiscoverInput, { description: 'Where, and for what.' }) input: DiscoverInput,
  ): Promise<JobAnswer> {
    return answer(context, (services) => discover(services, input));
  }

  @Mutation(() => JobPayload, { description: 'Runs a search again, with its filters: who is new is added, and what was empty filled.' })
  runDiscoveryQuery(
    @Ctx() context: Context,
    @Arg('input', () => RunDiscoveryQueryInput, { description: 'Which search.' }) { id, ...input }: RunDiscoveryQueryInput,
  ): Promise<JobAnswer> {
    return answer(context, async (services) => runDiscoveryQuery(services, { ...input, discoveryQueryId: requireUuid('DiscoveryQuery', id, 'id') }));
  }

  @FieldResolver(() => Job, { nullable: true, description: 'The job that ran it last.' })
  lastJob(@Root() query: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'Job', query['lastJob'], info);
  }

  @FieldResolver(() => ScraperRequestConnection, { nullable: true, description: 'What was asked of others for it, newest first.' })
  history(
    @Root() query: Row,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
    @Args(() => PageArgs) args: PageArgs,
  ): Promise<Connection> {
    return scraperHistoryOf(context, 'discovery_query_id', args, info).load(query.key);
  }
}

@Resolver(() => Job)
export class DiscoveryJobResolver {
  @FieldResolver(() => DiscoveryQuery, { nullable: true, description: 'The search that it runs.' })
  discoveryQuery(@Root() job: Row, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'DiscoveryQuery', job['discoveryQuery'], info);
  }

  @FieldResolver(() => ScraperRequestConnection, { nullable: true, description: 'What a search asked of others, newest first.' })
  scraperHistory(
    @Root() job: Row,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
    @Args(() => PageArgs) args: PageArgs,
  ): Promise<Connection> {
    return scraperHistoryOf(context, 'job_id', args, info).load(job.key);
  }
}
