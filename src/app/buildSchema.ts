import 'reflect-metadata';
import { isInterfaceType, type GraphQLSchema } from 'graphql';
import { buildSchemaSync, type PubSub } from 'type-graphql';
import { DiscoveryJobResolver, DiscoveryResolver } from '../resolvers/DiscoveryResolver.ts';
import { DraftMutations, DraftReviewMutations } from '../resolvers/DraftMutations.ts';
import { DraftResolver } from '../resolvers/DraftResolver.ts';
import { DraftSubscriptions } from '../resolvers/DraftSubscriptions.ts';
import { InboundMessageResolver } from '../resolvers/InboundMessageResolver.ts';
import { JobFailureResolver } from '../resolvers/JobFailureResolver.ts';
import { JobMutations } from '../resolvers/JobMutations.ts';
import { JobResolver } from '../resolvers/JobResolver.ts';
import { JobSubscriptions } from '../resolvers/JobSubscriptions.ts';
import { MessageMutations } from '../resolvers/MessageMutations.ts';
import { MessageResolver } from '../resolvers/MessageResolver.ts';
import { NodeResolver } from '../resolvers/NodeResolver.ts';
import { PipelineResolver } from '../resolvers/PipelineResolver.ts';
import { ProspectMutations } from '../resolvers/ProspectMutations.ts';
import { ProspectResolver } from '../resolvers/ProspectResolver.ts';
import { ReplicaResolver } from '../resolvers/ReplicaResolver.ts';
import { ReviewMutations } from '../resolvers/ReviewMutations.ts';
import { LockBlockerResolver, SchemaHealthResolver } from '../resolvers/SchemaHealthResolver.ts';
import { SchemaRepairMutations } from '../resolvers/SchemaRepairMutations.ts';
import { SenderResolver } from '../resolvers/SenderResolver.ts';
import { SendMutations } from '../resolvers/SendMutations.ts';
import { SettingsResolver } from '../resolvers/SettingsResolver.ts';
import { SocialProfileResolver } from '../resolvers/SocialProfileResolver.ts';
import { ActivityResolver } from '../resolvers/ActivityResolver.ts';
import { ApiKeyResolver } from '../resolvers/ApiKeyResolver.ts';
import { SavedFilterResolver } from '../resolvers/SavedFilterResolver.ts';
import { SuppressionResolver } from '../resolvers/SuppressionResolver.ts';
import { TagResolver } from '../resolvers/TagResolver.ts';
import { TemplateResolver } from '../resolvers/TemplateResolver.ts';
import { WebhookDeliveryMutations, WebhookDeliveryResolver, WebhookResolver } from '../resolvers/WebhookResolver.ts';
import { DateTime } from '../schema/dateTime.ts';
import { guard } from './guard.ts';
import { checkRoles } from './roles.ts';

/** type-graphql has no place for the descriptions of the root types. */
const rootDescriptions: Readonly<Record<string, string>> = {
  Query: 'What can be read. A root field that fails answers null and an error; the others still answer.',
  Mutation: 'What can be changed. Expected failures are userErrors in the payload.',
  Subscription: 'What can be watched, over the WebSocket on the same path.',
};

/** Every subscription has a source of its own; type-graphql asks for one all the same. */
const noPubSub: PubSub = {
  publish: () => {},
  subscribe: () => {
    throw new Error('A subscription names its source in `subscribe`.');
  },
};

/** The executable schema: roles checked, errors coded, types resolved synchronously. */
export function buildSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      DiscoveryJobResolver, DiscoveryResolver, DraftMutations, DraftResolver, DraftReviewMutations, DraftSubscriptions, JobFailureResolver, JobMutations, JobResolver, JobSubscriptions, LockBlockerResolver, MessageMutations, MessageResolver, NodeResolver, PipelineResolver,
      ProspectMutations, ProspectResolver, ReplicaResolver, ReviewMutations, SchemaHealthResolver, SchemaRepairMutations, SenderResolver, SendMutations, SettingsResolver, SocialProfileResolver,
      ActivityResolver, ApiKeyResolver, InboundMessageResolver, SuppressionResolver, SavedFilterResolver, TagResolver, TemplateResolver, WebhookDeliveryMutations, WebhookDeliveryResolver, WebhookResolver,
    ],
    scalarsMap: [{ type: Date, scalar: DateTime }],
    validate: false,
    pubSub: noPubSub,
  });
  const node = schema.getType('Node');
  // type-graphql's own is asynchronous, which a compiled answer cannot wait for.
  if (isInterfaceType(node)) node.resolveType = (row: { __typename: string }) => row.__typename;
  for (const [name, description] of Object.entries(rootDescriptions)) schema.getType(name)!.description = description;
  checkRoles(schema);
  guard(schema);
  return schema;
}
