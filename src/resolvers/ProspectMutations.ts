import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import type { UserError } from '../domain/errors.ts';
import { nodeByKey } from '../loaders/nodeLoader.ts';
import type { Row } from '../queries/list.ts';
import { DeleteProspectsPayload, JobPayload, ProspectPayload } from '../schema/payloads.ts';
import { Prospect } from '../schema/Prospect.ts';
import { CreateProspectInput, DeleteProspectsInput, ImportProspectsInput, UpdateProspectInput } from '../schema/prospectInputs.ts';
import { createProspect, type ProspectChange } from '../services/createProspect.ts';
import { deleteProspects } from '../services/deleteProspects.ts';
import { importProspects } from '../services/importProspects.ts';
import { updateProspect } from '../services/updateProspect.ts';
import type { Context } from './context.ts';
import type { JobAnswer } from './JobMutations.ts';
import { requireUuid, requireUuids, withUserErrors } from './userErrors.ts';

interface ProspectAnswer {
  prospectId: string | null;
  userErrors: readonly UserError[];
}

@Resolver(() => ProspectPayload)
export class ProspectMutations {
  @Mutation(() => ProspectPayload, { description: 'Adds a prospect; on CONFLICT the answer has the one that is there.' })
  createProspect(
    @Ctx() context: Context,
    @Arg('input', () => CreateProspectInput, { description: 'The prospect.' }) input: CreateProspectInput,
  ): Promise<ProspectAnswer> {
    return answer(context, () => createProspect(context.services(), input));
  }

  @Mutation(() => ProspectPayload, { description: 'Changes a prospect that nobody has changed since it was read.' })
  updateProspect(
    @Ctx() context: Context,
    @Arg('input', () => UpdateProspectInput, { description: 'The changes.' }) input: UpdateProspectInput,
  ): Promise<ProspectAnswer> {
    const { id, ...changes } = input;
    return answer(context, async () => updateProspect(context.services(), { ...changes, prospectId: requireUuid('Prospect', id, 'id') }));
  }

  @Mutation(() => DeleteProspectsPayload, { description: 'Deletes prospects; refused while something is queued to them or was sent to them.' })
  async deleteProspects(
    @Ctx() context: Context,
    @Arg('input', () => DeleteProspectsInput, { description: 'Which ones.' }) { ids }: DeleteProspectsInput,
  ): Promise<DeleteProspectsPayload> {
    const { result, userErrors } = await withUserErrors(async () =>
      deleteProspects(context.services(), { prospectIds: requireUuids('Prospect', ids, 'ids') }),
    );
    context.refresh();
    return { deletedCount: result?.deletedCount ?? 0, userErrors: [...userErrors, ...(result?.userErrors ?? [])] };
  }

  @Mutation(() => JobPayload, { description: 'Imports a small file; the job says what became of every row.' })
  async importProspects(
    @Ctx() context: Context,
    @Arg('input', () => ImportProspectsInput, { description: 'The file.' }) input: ImportProspectsInput,
  ): Promise<JobAnswer> {
    const services = context.services();
    const { result, userErrors } = await withUserErrors(() =>
      importProspects(services, input, (jobId, sequence) => services.events.publish('jobs', [[jobId, sequence]])),
    );
    context.refresh();
    return { jobId: result?.jobId ?? null, warnings: [], userErrors };
  }

  @FieldResolver(() => Prospect, { nullable: true, description: 'The prospect as it is now; on CONFLICT the one that already has this key.' })
  prospect(@Root() { prospectId }: ProspectAnswer, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'Prospect', prospectId, info);
  }
}

async function answer(context: Context, run: () => Promise<ProspectChange>): Promise<ProspectAnswer> {
  const { result, userErrors } = await withUserErrors(run);
  context.refresh();
  return { prospectId: result?.prospectId ?? null, userErrors: [...userErrors, ...(result?.userErrors ?? [])] };
}
