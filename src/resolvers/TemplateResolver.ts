import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Channel } from '../domain/enums.ts';
import { nodeByKey } from '../loaders/nodeLoader.ts';
import type { Connection, Row } from '../queries/list.ts';
import { listTemplates } from '../queries/lists.ts';
import { PageArgs } from '../schema/PageArgs.ts';
import { CreateTemplateInput, DeleteTemplateInput, Template, TemplateConnection, TemplatePayload, UpdateTemplateInput } from '../schema/Template.ts';
import { deleteRow } from '../services/deleteRow.ts';
import { createTemplate } from '../services/templates/createTemplate.ts';
import { updateTemplate } from '../services/templates/updateTemplate.ts';
import type { Context } from './context.ts';
import { answerEntity, requireUuid, type EntityAnswer } from './userErrors.ts';

@ArgsType()
class TemplatesArgs extends PageArgs {
  @Field(() => Channel, { nullable: true, description: 'For this channel; for both when absent.' })
  channel?: Channel | null;
}

@Resolver(() => TemplatePayload)
export class TemplateResolver {
  @Query(() => TemplateConnection, { nullable: true, description: 'The templates that are kept, by name.' })
  templates(@Ctx() { db }: Context, @Info() info: GraphQLResolveInfo, @Args(() => TemplatesArgs) args: TemplatesArgs): Promise<Connection> {
    return listTemplates(db, args, info);
  }

  @Mutation(() => TemplatePayload, { description: 'Keeps a template under a name.' })
  createTemplate(
    @Ctx() context: Context,
    @Arg('input', () => CreateTemplateInput, { description: 'The template.' }) input: CreateTemplateInput,
  ): Promise<EntityAnswer> {
    return answerEntity(context, () => createTemplate(context.services(), input));
  }

  @Mutation(() => TemplatePayload, { description: 'Changes a template; drafts that were made from it stay as they are.' })
  updateTemplate(
    @Ctx() context: Context,
    @Arg('input', () => UpdateTemplateInput, { description: 'What changes.' }) { id, ...input }: UpdateTemplateInput,
  ): Promise<EntityAnswer> {
    return answerEntity(context, async () => {
      const templateId = requireUuid('Template', id, 'id');
      await updateTemplate(context.services(), { ...input, templateId });
      return templateId;
    });
  }

  @Mutation(() => TemplatePayload, { description: 'Deletes a template; drafts that were made from it stay.' })
  deleteTemplate(
    @Ctx() context: Context,
    @Arg('input', () => DeleteTemplateInput, { description: 'Which one.' }) { id }: DeleteTemplateInput,
  ): Promise<EntityAnswer> {
    return answerEntity(context, async () => {
      await deleteRow(context.services(), 'Template', requireUuid('Template', id, 'id'));
      return null;
    });
  }

  @FieldResolver(() => Template, { nullable: true, description: 'The template as it is now; null when it is gone, or was never made.' })
  template(@Root() { key }: EntityAnswer, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<Row | null> {
    return nodeByKey(context, 'Template', key, info);
  }
}
