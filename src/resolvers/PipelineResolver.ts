import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { SourceType } from '../domain/enums.ts';
import { pipelineStatus, type PipelineStatus as Status } from '../queries/pipelineStatus.ts';
import { PipelineStatus, Viewer } from '../schema/Pipeline.ts';
import type { Context } from './context.ts';

@Resolver()
export class PipelineResolver {
  @Query(() => Viewer, { nullable: true, description: 'Who is asking.' })
  viewer(@Ctx() { actor }: Context): Viewer {
    return actor;
  }

  @Query(() => PipelineStatus, { nullable: true, description: 'How many prospects are at which stage.' })
  pipelineStatus(
    @Ctx() { db }: Context,
    @Arg('sourceType', () => SourceType, { nullable: true, description: 'Of this pipeline; of both when absent.' }) sourceType?: SourceType | null,
  ): Promise<Status> {
    return pipelineStatus(db, sourceType ?? null);
  }
}
