import {
  getNamedType, isEnumType, isInputObjectType, isListType, isNonNullType, isObjectType, isInterfaceType, Kind, parse,
  type GraphQLEnumType, type GraphQLField, type GraphQLInputObjectType, type GraphQLInputType, type GraphQLObjectType, type GraphQLSchema,
} from 'graphql';
import { toGlobalId } from '../../../src/domain/globalId.ts';
import { ids, liftable, type Fixtures } from './fixtures.ts';
import { mutations } from './mutations.ts';
import type { Probe } from './probe.ts';

const lists: Readonly<Record<string, (selection: string) => string>> = {
  Prospect: (selection) => `{ prospects(first: 50) { nodes { ${selection} } } }`,
  SocialProfile: (selection) => `{ socialProfiles(first: 50) { nodes { ${selection} } } }`,
  Draft: (selection) => `{ drafts(first: 50) { nodes { ${selection} } } }`,
  Message: (selection) => `{ messages(first: 50) { nodes { ${selection} } } }`,
  Job: (selection) => `{ jobs(first: 50) { nodes { ${selection} } } }`,
  Suppression: (selection) => `{ suppressions(first: 50) { nodes { ${selection} } } }`,
  Template: (selection) => `{ templates(first: 50) { nodes { ${selection} } } }`,
  SavedFilter: (selection) => `{ savedFilters(first: 50) { nodes { ${selection} } } }`,
  ApiKey: (selection) => `{ apiKeys(first: 50) { nodes { ${selection} } } }`,
  Webhook: (selection) => `{ webhooks(first: 50) { nodes { ${selection} } } }`,
  WebhookDelivery: (selection) => `{ webhookDeliveries(first: 50) { nodes { ${selection} } } }`,
  Activity: (selection) => `{ activities(first: 50) { nodes { ${selection} } } }`,
  InboundMessage: (selection) => `{ inboundMessages(first: 50) { nodes { ${selection} } } }`,
  DiscoveryQuery: (selection) => `{ discoveryQueries(first: 50) { nodes { ${selection} } } }`,
  ScraperRequest: (selection) => `{ jobs(first: 50) { nodes { scraperHistory(first: 2) { nodes { ${selection} } } } } }`,
  JobFailure: (selection) => `{ jobs(first: 50) { nodes { failures(first: 2) { nodes { ${selection} } } } } }`,
};

/** Every field, filter and order of the schema, and every operation. */
export function everyProbe(schema: GraphQLSchema): Probe[] {
  return [...fields(schema), ...filters(schema), ...orders(schema), ...rootQueries, ...subscriptions, ...mutations];
}

/** Root fields without a probe, and why. */
const unprobed: Readonly<Record<string, string>> = {
  'Query.schemaHealth': 'judges what the others need, and has tests of its own',
  'Query.schemaDriftHistory': 'the same',
  'Query.schemaRepairs': 'the same',
  'Query.readReplicas': 'what the server remembers of its replicas',
  'Subscription.schemaHealthChanged': 'the same',
  'Mutation.repairSchema': 'mends the schema: it may never be refused for what is broken',
  'Mutation.applyMigrations': 'the same',
};

/** Root fields that neither have a probe nor a reason to have none, and reasons that are not needed any more. */
export function findUnprobed(schema: GraphQLSchema): string[] {
  const roots = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!];
  const probed = new Set<string>(everyProbe(schema).flatMap(({ document }) => parse(document).definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections.flatMap((field) => (field.kind === Kind.FIELD ? `${definition.operation}.${field.name.value}` : [])) : [])));
  const known = new Map<string, boolean>(roots.flatMap((root) => Object.keys(root.getFields()).map((field) => [`${root.name}.${field}`, probed.has(`${root.name.toLowerCase()}.${field}`)] as const)));
  return [
    ...[...known].filter(([name, hasProbe]) => !hasProbe && !(name in unprobed)).map(([name]) => name),
    ...Object.keys(unprobed).filter((name) => known.get(name) !== false),
  ];
}

/** Uses of the API that read all that their members read: where one works, they do. */
export interface ProbeGroup extends Probe {
  members: readonly string[];
}

/** All fields of a type at once, and all conditions of a filter. */
export function everyGroup(schema: GraphQLSchema): ProbeGroup[] {
  const ofTypes = Object.entries(lists).map(([type, list]): ProbeGroup => {
    const asked = Object.values((schema.getType(type) as GraphQLObjectType).getFields()).filter(({ name }) => name !== 'waitingFor');
    return { name: type, document: list(asked.map(selectionOf).join(' ')), members: asked.map(({ name }) => `${type}.${name}`) };
  });
  const ofFilters = Object.entries(filtered).map(([filter, list]): ProbeGroup => {
    const conditions = Object.values((schema.getType(filter) as GraphQLInputObjectType).getFields()).flatMap(({ name, type }) => {
      const samples = samplesOf(name, type);
      if (samples.length === 1) return [{ name, samples, valueOf: samples[0]![1] }];
      const isList = isListType(isNonNullType(type) ? type.ofType : type);
      return isList ? [{ name, samples, valueOf: (fixtures: Fixtures) => samples.flatMap(([, value]) => value(fixtures)) }] : [];
    });
    return {
      name: filter,
      document: `query ($filter: ${filter}) { ${list}(filter: $filter) { totalCount } }`,
      variables: (fixtures) => ({ filter: Object.fromEntries(conditions.map(({ name, valueOf }) => [name, valueOf(fixtures)])) }),
      members: conditions.flatMap(({ name, samples }) => samples.map(([what]) => `${filter}.${name}${what}`)),
    };
  });
  return [...ofTypes, ...ofFilters];
}

function fields(schema: GraphQLSchema): Probe[] {
  return Object.entries(lists).flatMap(([type, list]) =>
    Object.values((schema.getType(type) as GraphQLObjectType).getFields()).map((field) => ({
      name: `${type}.${field.name}`,
      document: list(selectionOf(field)),
      ...(field.name === 'waitingFor' ? { isTrue: (data) => !JSON.stringify(data).includes('No worker is running') } : {}),
    } satisfies Probe)));
}

function selectionOf({ name, type }: GraphQLField<unknown, unknown>): string {
  const named = getNamedType(type);
  if (isInterfaceType(named)) return `${name} { id }`;
  if (!isObjectType(named)) return name;
  const below = named.getFields();
  if (below['nodes']) return `${name} { nodes { id } }`;
  return `${name} { ${below['id'] ? 'id' : Object.keys(below).join(' ')} }`;
}

const filtered: Readonly<Record<string, string>> = { ProspectFilter: 'prospects', SocialProfileFilter: 'socialProfiles', DraftFilter: 'drafts', MessageFilter: 'messages', InboundMessageFilter: 'inboundMessages', JobFilter: 'jobs', DiscoveryQueryFilter: 'discoveryQueries', WebhookDeliveryFilter: 'webhookDeliveries' };

function filters(schema: GraphQLSchema): Probe[] {
  return Object.entries(filtered).flatMap(([filter, list]) =>
    Object.values((schema.getType(filter) as GraphQLInputObjectType).getFields()).flatMap(({ name, type }) =>
      samplesOf(name, type).map(([what, value]) => ({
        name: `${filter}.${name}${what}`,
        document: `query ($filter: ${filter}) { ${list}(filter: $filter) { totalCount } }`,
        variables: (fixtures: Fixtures) => ({ filter: { [name]: value(fixtures) } }),
      }))));
}

type Sample = [what: string, value: (fixtures: Fixtures) => unknown];

function samplesOf(name: string, type: GraphQLInputType): Sample[] {
  if (isNonNullType(type)) return samplesOf(name, type.ofType);
  if (isListType(type)) return samplesOf(name, type.ofType).map(([what, value]) => [what, (fixtures) => [value(fixtures)]]);
  if (isEnumType(type)) return type.getValues().map((option) => [` ${option.name}`, () => option.name]);
  if (name === 'jobId') return [['', ({ readJob }) => ids.job(readJob)]];
  if (name === 'webhookId') return [['', ({ webhook }) => toGlobalId('Webhook', webhook)]];
  if (name === 'prospectId') return [['', ({ approved }) => ids.prospect(approved)]];
  if (name === 'reviewBatch') return [['', ({ batch }) => batch]];
  const samples: Record<string, unknown> = { Boolean: true, Int: 1, String: 'user', DateTime: '2026-01-01T00:00:00.000Z' };
  const { name: scalar } = getNamedType(type);
  if (!(scalar in samples) || isInputObjectType(type)) throw new Error(`There is no sample of ${scalar}.`);
  return [['', () => samples[scalar]]];
}

function orders(schema: GraphQLSchema): Probe[] {
  return Object.values(filtered).flatMap((list) => {
    const orderBy = schema.getQueryType()!.getFields()[list]!.args.find(({ name }) => name === 'orderBy');
    if (!orderBy) return [];
    const order = getNamedType(orderBy.type) as GraphQLInputObjectType;
    return (getNamedType(order.getFields()['field']!.type) as GraphQLEnumType).getValues().map(({ name }) => ({
      name: `${list} by ${name}`,
      document: `{ ${list}(orderBy: { field: ${name}, direction: ASC }) { pageInfo { hasNextPage } } }`,
    }));
  });
}

const byId = (field: string, id: (fixtures: Fixtures) => string, name = field): Probe => ({
  name, document: `query ($id: ID!) { ${field}(id: $id) { id } }`, variables: (fixtures) => ({ id: id(fixtures) }),
});

const rootQueries: Probe[] = [
  byId('prospect', ({ approved }) => ids.prospect(approved)),
  byId('socialProfile', ({ profile }) => ids.profile(profile)),
  byId('draft', ({ emailDraft }) => ids.draft(emailDraft), 'draft of the e-mail channel'),
  byId('job', ({ readJob }) => ids.job(readJob)),
  byId('node', ({ approved }) => ids.prospect(approved), 'node of a prospect'),
  byId('node', ({ profile }) => ids.profile(profile), 'node of a profile'),
  byId('node', ({ readJob }) => ids.job(readJob), 'node of a job'),
  { name: 'prospects', document: '{ prospects { totalCount } }' },
  { name: 'socialProfiles', document: '{ socialProfiles { totalCount } }' },
  { name: 'drafts', document: '{ drafts { totalCount } }' },
  { name: 'drafts of the e-mail channel', document: '{ drafts(channel: EMAIL) { totalCount } }' },
  { name: 'drafts of the social channel', document: '{ drafts(channel: SOCIAL) { totalCount } }' },
  { name: 'messages', document: '{ messages { totalCount } }' },
  { name: 'messages of a prospect', document: '{ prospects(first: 5) { nodes { messages { totalCount } socialProfiles { messages { totalCount } } } } }' },
  byId('node', ({ byHand }) => ids.message(byHand), 'node of a message'),
  { name: 'waitingMessages', document: '{ waitingMessages { channel reason blockedBy count dueAt } }' },
  { name: 'suppressions', document: '{ suppressions { totalCount } }' },
  { name: 'suppressionOf', document: `{ suppressionOf(email: "${liftable}") { id } }` },
  { name: 'inboundMessages', document: '{ inboundMessages { totalCount } }' },
  { name: 'jobs', document: '{ jobs { totalCount } }' },
  { name: 'workers', document: '{ workers { name version startedAt seenAt runningChunks } }', isTrue: ({ workers }) => workers.length > 0 },
  { name: 'pipelineStatus', document: '{ pipelineStatus { total activeJobs stages { stage count } } }' },
  preview('EMAIL'), preview('SOCIAL'),
  { name: 'settings', document: '{ settings { followUp { maximum } } }' },
  { name: 'discoveryQueries', document: '{ discoveryQueries { totalCount } }' },
  { name: 'tags', document: '{ tags { tag count } }' },
  { name: 'senders', document: '{ senders { channel address sentToday dailyCap blockedBy blockedUntil checkedAt records { kind } } }' },
  { name: 'viewer', document: '{ viewer { name role } }' },
  {
    name: 'nodes', document: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    variables: ({ approved, readJob }) => ({ ids: [ids.prospect(approved), ids.job(readJob)] }),
  },
];

/** A job is told of while they last. */
const subscriptions: Probe[] = [
  { name: 'draftChanged', document: 'subscription ($id: ID!) { draftChanged(id: $id) { id } }', variables: ({ emailDraft }) => ({ id: ids.draft(emailDraft) }) },
  { name: 'jobProgress', document: 'subscription ($id: ID!) { jobProgress(id: $id) { status totalTargets processed } }', variables: ({ readJob }) => ({ id: ids.job(readJob) }) },
  { name: 'jobsChanged', document: 'subscription { jobsChanged { id } }' },
];

function preview(channel: string): Probe {
  return {
    name: `previewDraft ${channel}`,
    document: 'query ($input: PreviewDraftInput!) { previewDraft(input: $input) { body problems } }',
    variables: ({ reachable }) => ({ input: { channel, prospectId: ids.prospect(reachable), bodyTemplate: 'Hello {{ displayName }}' } }),
  };
}

