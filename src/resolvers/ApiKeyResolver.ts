import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { UserError } from '../domain/errors.ts';
import { nodeByKey } from '../loaders/nodeLoader.ts';
import type { Connection, Row } from '../queries/list.ts';
import { listApiKeys } from '../queries/lists.ts';
import { ApiKey, ApiKeyConnection, ApiKeyPayload, CreateApiKeyInput, RevokeApiKeyInput } from '../schema/ApiKey.ts';
import { PageArgs } from '../schema/PageArgs.ts';
import { createApiKey } from '../services/apiKeys/createApiKey.ts';
import { revokeApiKey } from '../services/apiKeys/revokeApiKey.ts';
import type { Context } from './context.ts';
import { requireUuid, withUserErrors } from './userErrors.ts';

interface Answer {
  apiKeyId: string | null;
  key: string | null;
  userErrors: readonly UserError[];
}

@Resolver(() => ApiKeyPayload)
export class ApiKeyResolver {
  @Query(() => ApiKeyConnection, { nullable: true, description: 'The API keys, newest first, those that have ended too.' })
  apiKeys(@Ctx() { db }: Context, @Info() info: GraphQLResolveInfo, @Args(() => PageArgs) args: PageArgs): Promise<Connection> {
    return listApiKeys(db, args, info);
  }

  @Mutation(() => ApiKeyPayload, { description: 'Makes an API key, and shows it this once.' })
  async createApiKey(
    @Ctx() context: Context,
    @Arg('input', () => CreateApiKeyInput, { description: 'Whose key, and what it may do.' }) input: CreateApiKeyInput,
  ): Promise<Answer> {
    const { result, userErrors } = await withUserErrors(() => createApiKey(context.services(), input));
    return { apiKeyId: result?.id ?? null, key: result?.key ?? null, userErrors };
  }

  @Mutation(() => ApiKeyPayload, { description: 'Ends an API key at once, on every server.' })
  async revokeApiKey(
    @Ctx() context: Context,
    @Arg('input', () => RevokeApiKeyInput, { description: 'Which one.' }) { id }: RevokeApiKeyInput,
  ): Promise<Answer> {
    const { result, userErrors } = await withUserErrors(async () => {
      const apiKeyId = requireUuid('ApiKey', id, 'id');
      await revokeApiKey(context.services(), apiKeyId);
      return apiKeyId;
    });
    context.refresh();
    return { apiKeyId: result, key: null, userErrors };
  }

  @FieldResolver(() => ApiKey, { nullable: true, description: 'The key as it is listed; null when none was made.' })
  apiKey(@Root() { apiKeyId }: Answer, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'ApiKey', apiKeyId, info);
  }
}
