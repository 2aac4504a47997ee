import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { UserError } from '../domain/errors.ts';
import { nodeByKey, nodesByKey } from '../loaders/nodeLoader.ts';
import type { Connection, Row } from '../queries/list.ts';
import { listSuppressions } from '../queries/lists.ts';
import { EmailAddress } from '../schema/emailAddress.ts';
import { ProspectPayload } from '../schema/payloads.ts';
import { Suppression, SuppressionConnection } from '../schema/Suppression.ts';
import { EraseProspectInput, SuppressInput, SuppressionsArgs, SuppressPayload, UnsuppressInput, UnsuppressPayload } from '../schema/suppressionInputs.ts';
import { eraseProspect } from '../services/erasure/eraseProspect.ts';
import { findSuppressed } from '../services/suppression/findSuppressed.ts';
import { suppress } from '../services/suppression/suppress.ts';
import { unsuppress } from '../services/suppression/unsuppress.ts';
import type { Context } from './context.ts';
import { optionalUuid, requireUuid, withUserErrors } from './userErrors.ts';

interface SuppressAnswer {
  suppressionIds: readonly string[];
  excludedCount: number;
  userErrors: readonly UserError[];
}

@Resolver(() => SuppressPayload)
export class SuppressionResolver {
  @Query(() => SuppressionConnection, { nullable: true, description: 'Who must not be contacted, newest first; whom they name is not known any more.' })
  suppressions(@Ctx() { db }: Context, @Info() info: GraphQLResolveInfo, @Args(() => SuppressionsArgs) args: SuppressionsArgs): Promise<Connection> {
    return listSuppressions(db, args, info);
  }

  @Query(() => Suppression, { nullable: true, description: 'What keeps this address from being written to, by itself or by its domain; null when nothing does.' })
  async suppressionOf(
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
    @Arg('email', () => EmailAddress, { description: 'Any address.' }) email: string,
  ): Promise<Row | null> {
    const [match] = await findSuppressed(context.db, context.services().outreach, [{ email }]);
    return nodeByKey(context, 'Suppression', match?.id, info);
  }

  @Mutation(() => SuppressPayload, { description: 'Somebody is never contacted again, from now on: prospects are excluded, and what waits for them is cancelled.' })
  async suppress(
    @Ctx() context: Context,
    @Arg('input', () => SuppressInput, { description: 'Whom.' }) { prospectId, ...input }: SuppressInput,
  ): Promise<SuppressAnswer> {
    const { result, userErrors } = await withUserErrors(async () =>
      suppress(context.services(), { ...input, prospectId: optionalUuid('Prospect', prospectId, 'prospectId') }),
    );
    context.refresh();
    return { suppressionIds: [], excludedCount: 0, ...result, userErrors };
  }

  @Mutation(() => UnsuppressPayload, { description: 'Takes a suppression back. No import does that, only an administrator.' })
  async unsuppress(
    @Ctx() context: Context,
    @Arg('input', () => UnsuppressInput, { description: 'Whom.' }) { prospectId, ...input }: UnsuppressInput,
  ): Promise<{ readmittedCount: number; userErrors: readonly UserError[] }> {
    const { result, userErrors } = await withUserErrors(async () =>
      unsuppress(context.services(), { ...input, prospectId: optionalUuid('Prospect', prospectId, 'prospectId') }),
    );
    context.refresh();
    return { readmittedCount: 0, ...result, userErrors };
  }

  @Mutation(() => ProspectPayload, { description: 'Erases a person: personal data goes everywhere, the suppression of their address and handles stays. It cannot be taken back.' })
  async eraseProspect(
    @Ctx() context: Context,
    @Arg('input', () => EraseProspectInput, { description: 'Whom.' }) { id }: EraseProspectInput,
  ): Promise<{ prospectId: string | null; userErrors: readonly UserError[] }> {
    const { result, userErrors } = await withUserErrors(async () => {
      const prospectId = requireUuid('Prospect', id, 'id');
      await eraseProspect(context.services(), { prospectId });
      return prospectId;
    });
    context.refresh();
    return { prospectId: result, userErrors };
  }

  @FieldResolver(() => [Suppression], { name: 'suppressions', description: 'The suppressions that hold now, new or known before.' })
  suppressionsOf(@Root() { suppressionIds }: SuppressAnswer, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row[]> {
    return nodesByKey(context, 'Suppression', suppressionIds, info);
  }
}
