import { GraphQLError, type GraphQLSchema } from 'graphql';
import { Role } from '../domain/enums.ts';

const { VIEWER, OPERATOR, ADMIN } = Role;

/** Who may ask for a root field: this role or a higher one. A root field that is not here stops the build. */
const required: Readonly<Record<string, Readonly<Record<string, Role>>>> = {
  Query: {
    node: VIEWER, nodes: VIEWER, viewer: VIEWER, prospect: VIEWER, prospects: VIEWER, socialProfile: VIEWER, socialProfiles: VIEWER,
    draft: VIEWER, drafts: VIEWER, messages: VIEWER, waitingMessages: VIEWER, previewDraft: VIEWER, job: VIEWER, jobs: VIEWER, workers: VIEWER, senders: VIEWER, pipelineStatus: VIEWER,
    schemaHealth: VIEWER, schemaDriftHistory: VIEWER, schemaRepairs: VIEWER, readReplicas: VIEWER,
    settings: VIEWER, templates: VIEWER, savedFilters: VIEWER, activities: VIEWER, tags: VIEWER,
    discoveryQueries: VIEWER, suppressions: VIEWER, suppressionOf: VIEWER, inboundMessages: VIEWER,
    apiKeys: ADMIN, webhooks: ADMIN, webhookDeliveries: ADMIN,
  },
  Mutation: {
    createProspect: OPERATOR, updateProspect: OPERATOR, deleteProspects: OPERATOR, importProspects: OPERATOR, reviewProspects: OPERATOR,
    startDraftJob: OPERATOR, followUp: OPERATOR, updateDraft: OPERATOR, reviewDrafts: OPERATOR, sendMessages: OPERATOR, resolveMessage: OPERATOR, cancelMessage: OPERATOR, pauseJob: OPERATOR, resumeJob: OPERATOR, cancelJob: OPERATOR, retryJob: OPERATOR,
    repairSchema: ADMIN, applyMigrations: ADMIN, updateSettings: ADMIN,
    createTemplate: OPERATOR, updateTemplate: OPERATOR, deleteTemplate: OPERATOR, saveFilter: OPERATOR, deleteSavedFilter: OPERATOR, tagProspects: OPERATOR,
    discover: OPERATOR, runDiscoveryQuery: OPERATOR, suppress: OPERATOR, unsuppress: ADMIN, eraseProspect: ADMIN, reclassifyInbound: ADMIN,
    createApiKey: ADMIN, revokeApiKey: ADMIN, createWebhook: ADMIN, updateWebhook: ADMIN, deleteWebhook: ADMIN, redeliverWebhook: ADMIN,
  },
  Subscription: { jobProgress: VIEWER, jobsChanged: VIEWER, draftChanged: VIEWER, schemaHealthChanged: VIEWER },
};

const ranks = Object.values(Role);

/** Whether `role` includes what `least` may do. */
export const includes = (role: Role, least: Role): boolean => ranks.indexOf(role) >= ranks.indexOf(least);

/** @throws {GraphQLError} FORBIDDEN when the role does not suffice for the root field */
export function requireRole(role: Role, type: string, field: string): void {
  const least = required[type]?.[field];
  if (least === undefined || !includes(role, least)) {
    throw new GraphQLError(`${field} needs the role ${least?.toUpperCase()}.`, { extensions: { code: 'FORBIDDEN' } });
  }
}

/** @throws when a root field has no rule, or a rule no root field */
export function checkRoles(schema: GraphQLSchema): void {
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    const fields = Object.keys(type?.getFields() ?? {}).sort().join();
    const rules = Object.keys(required[type?.name ?? ''] ?? {}).sort().join();
    if (fields !== rules) throw new Error(`src/app/roles.ts must name exactly the fields of ${type?.name}: ${fields}; it names ${rules}.`);
  }
}
