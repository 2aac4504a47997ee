import {
  getNamedType, isEnumType, isInputObjectType, isListType, isNonNullType, isObjectType, isInterfaceType,
  type GraphQLEnumType, type GraphQLField, type GraphQLInputObjectType, type GraphQLInputType, type GraphQLObjectType, type GraphQLSchema,
} from 'graphql';
import type { Client } from 'pg';
import { JobType } from '../../../src/domain/enums.ts';
import { toGlobalId } from '../../../src/domain/globalId.ts';
import { ids, liftable, type Fixtures } from './fixtures.ts';
import { site } from './site.ts';

/** One use of the API, as small as can be, so that what fails can be told by its coordinate. */
export interface Probe {
  name: string;
  document: string;
  variables?(fixtures: Fixtures): Record<string, unknown>;
  /** runs the job of this type that was started, as a worker would */
  works?: JobType;
  /** whether what was answered may be true; a worker is running */
  isTrue?(data: any): boolean;
  /** whether what it wrote is there, as the owner of the schema sees it */
  wrote?(owner: Client, fixtures: Fixtures, data: any): Promise<boolean>;
}

const lists: Readonly<Record<string, (selection: string) => string>> = {
  Prospect: (selection) => `{ prospects(first: 20) { nodes { ${selection} } } }`,
  SocialProfile: (selection) => `{ socialProfiles(first: 20) { nodes { ${selection} } } }`,
  Draft: (selection) => `{ drafts(first: 20) { nodes { ${selection} } } }`,
  Message: (selection) => `{ messages(first: 20) { nodes { ${selection} } } }`,
  Job: (selection) => `{ jobs(first: 20) { nodes { ${selection} } } }`,
  Suppression: (selection) => `{ suppressions(first: 20) { nodes { ${selection} } } }`,
  Template: (selection) => `{ templates(first: 20) { nodes { ${selection} } } }`,
  SavedFilter: (selection) => `{ savedFilters(first: 20) { nodes { ${selection} } } }`,
  ApiKey: (selection) => `{ apiKeys(first: 20) { nodes { ${selection} } } }`,
  Webhook: (selection) => `{ webhooks(first: 20) { nodes { ${selection} } } }`,
  WebhookDelivery: (selection) => `{ webhookDeliveries(first: 20) { nodes { ${selection} } } }`,
  Activity: (selection) => `{ activities(first: 20) { nodes { ${selection} } } }`,
  InboundMessage: (selection) => `{ inboundMessages(first: 20) { nodes { ${selection} } } }`,
  DiscoveryQuery: (selection) => `{ discoveryQueries(first: 20) { nodes { ${selection} } } }`,
  ScraperRequest: (selection) => `{ jobs(first: 20) { nodes { scraperHistory(first: 2) { nodes { ${selection} } } } } }`,
  JobFailure: (selection) => `{ jobs(first: 20) { nodes { failures(first: 2) { nodes { ${selection} } } } } }`,
};

/** Every field, filter and order of the schema, and every operation. */
export function everyProbe(schema: GraphQLSchema): Probe[] {
  return [...fields(schema), ...filters(schema), ...orders(schema), ...rootQueries, ...mutations];
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
];

function preview(channel: string): Probe {
  return {
    name: `previewDraft ${channel}`,
    document: 'query ($input: PreviewDraftInput!) { previewDraft(input: $input) { body problems } }',
    variables: ({ reachable }) => ({ input: { channel, prospectId: ids.prospect(reachable), bodyTemplate: 'Hello {{ displayName }}' } }),
  };
}

const exists = async (owner: Client, sql: string, ...values: unknown[]) => ((await owner.query(sql, values)).rowCount ?? 0) > 0;
/** The owner reads whole rows, so that no column's name matters. */
const row = (table: string, condition: string) => `select from (select to_jsonb(t) as t from ${table} t) as rows where ${condition}`;

function mutation(name: string, input: (fixtures: Fixtures) => object, answer: string, more: Partial<Probe> = {}): Probe {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  return {
    name,
    document: `mutation ($input: ${type}!) { ${name}(input: $input) { ${answer} userErrors { code message } } }`,
    variables: (fixtures) => ({ input: input(fixtures) }),
    ...more,
  };
}

function jobAction(name: string, id: (fixtures: Fixtures) => string, status: string): Probe {
  return {
    name,
    document: `mutation ($input: JobActionInput!) { ${name}(input: $input) { userErrors { code message } } }`,
    variables: (fixtures) => ({ input: { id: ids.job(id(fixtures)) } }),
    wrote: (owner, fixtures) => exists(owner, row('jobs', `t->>'id' = $1 and t->>'status' = $2`), id(fixtures), status),
  };
}

const startDraftJob = (channel: string, target: (fixtures: Fixtures) => string, table: string): Probe =>
  mutation('startDraftJob', (fixtures) => ({ channel, prospectIds: [ids.prospect(target(fixtures))], subjectTemplate: 'For {{ displayName }}', bodyTemplate: 'Hello {{ displayName }}' }), '', {
    name: `startDraftJob ${channel}`,
    works: JobType.DRAFT,
    wrote: async (owner, _, { jobId }) =>
      (await exists(owner, row('jobs', `t->>'id' = $1 and t->>'status' = 'succeeded' and t->>'drafts_created' = '1'`), jobId))
      && exists(owner, row(table, `t->>'job_id' = $1`), jobId),
  });

const hasFound: Probe['wrote'] = async (owner, _, { jobId }) =>
  (await exists(owner, row('jobs', `t->>'id' = $1 and t->>'status' = 'succeeded' and t->>'done_count' = '1'`), jobId))
  && (await exists(owner, row('job_targets', `t->>'job_id' = $1 and t->>'target_id' is not null`), jobId))
  && exists(owner, row('scraper_history', `t->>'job_id' = $1 and t->>'http_status' = '200'`), jobId);

const resolveMessage = (resolution: string, message: (fixtures: Fixtures) => string, status: string): Probe =>
  mutation('resolveMessage', (fixtures) => ({ id: ids.message(message(fixtures)), resolution }), 'message { id }', {
    name: `resolveMessage ${resolution}`,
    wrote: (owner, fixtures) => exists(owner, row('email_messages', `t->>'id' = $1 and t->>'status' = $2`), message(fixtures), status),
  });

const followUp = (channel: string, table: string): Probe =>
  mutation('followUp', () => ({ channel, afterDays: 0, bodyTemplate: 'Once more, {{ displayName }}' }), '', {
    name: `followUp ${channel}`,
    works: JobType.FOLLOW_UP,
    wrote: async (owner, _, { jobId }) =>
      (await exists(owner, row('jobs', `t->>'id' = $1 and t->>'status' = 'succeeded' and t->>'drafts_created' >= '1'`), jobId))
      && exists(owner, row(table, `t->>'job_id' = $1 and t->>'is_follow_up' = 'true'`), jobId),
  });

/** One row is good, and one fails. */
const csv = 'name,url,email\nAda,https://ada.example.org/%,ada@example.org\nBob,no address,bob\n';

const mutations: Probe[] = [
  mutation('createProspect', ({ batch }) => ({ displayName: 'Created', profileUrl: `https://new.example.org/${batch}` }), '', {
    wrote: (owner, { batch }) => exists(owner, row('prospects', `t->>'canonical_key' like '%' || $1`), `new.example.org/${batch}`),
  }),
  mutation('createProspect', ({ batch }) => ({ sourceType: 'SOCIAL', sourcePlatform: 'GITHUB', displayName: 'Created', username: `c${batch.slice(0, 20)}` }), '', {
    name: 'createProspect SOCIAL',
    wrote: (owner, { batch }) => exists(owner, row('social_profiles', `t->>'username' = $1`), `c${batch.slice(0, 20)}`),
  }),
  mutation('updateProspect', ({ edited, editedAt }) => ({ id: ids.prospect(edited), updatedAt: editedAt, displayName: 'Changed', profileUrl: `https://edited.example.org/${edited}` }), '', {
    wrote: (owner, { edited }) => exists(owner, row('prospects', `t->>'id' = $1 and t->>'display_name' = 'Changed'`), edited),
  }),
  mutation('deleteProspects', ({ deleted }) => ({ ids: [ids.prospect(deleted)] }), 'deletedCount', {
    wrote: async (owner, { deleted }) =>
      !(await exists(owner, row('prospects', `t->>'id' = $1`), deleted))
      && !(await exists(owner, row('social_profiles', `t->>'prospect_id' = $1`), deleted))
      && !(await exists(owner, row('email_drafts', `t->>'prospect_id' = $1`), deleted)),
  }),
  mutation('reviewProspects', ({ pending }) => ({ ids: [ids.prospect(pending)], decision: 'APPROVE' }), 'changedCount', {
    wrote: (owner, { pending }) => exists(owner, row('prospects', `t->>'id' = $1 and t->>'review_status' = 'approved'`), pending),
  }),
  mutation('reviewProspects', ({ batch }) => ({ batch, decision: 'REOPEN' }), 'changedCount', {
    name: 'reviewProspects of a batch',
    wrote: (owner, { rejected }) => exists(owner, row('prospects', `t->>'id' = $1 and t->>'review_status' = 'pending'`), rejected),
  }),
  mutation('updateDraft', ({ rewritten }) => ({ id: ids.draft(rewritten), version: 1, body: 'Changed' }), '', {
    wrote: async (owner, { rewritten }) =>
      (await exists(owner, row('email_drafts', `t->>'id' = $1 and t->>'body' = 'Changed'`), rewritten))
      && exists(owner, row('email_draft_versions', `t->>'draft_id' = $1`), rewritten),
  }),
  mutation('reviewDrafts', ({ approvable }) => ({ drafts: [{ id: ids.draft(approvable), fingerprint: 'f' }], decision: 'APPROVE' }), '', {
    wrote: (owner, { approvable }) => exists(owner, row('email_drafts', `t->>'id' = $1 and t->>'status' = 'approved'`), approvable),
  }),
  mutation('importProspects', ({ batch }) => ({ format: 'CSV', data: csv.replace('%', batch) }), '', {
    wrote: async (owner, { batch }) =>
      (await exists(owner, row('prospects', `t->>'canonical_key' like '%' || $1`), `ada.example.org/${batch}`))
      && (await exists(owner, row('job_targets', `t->>'line' = '3' and t->>'code' <> 'GONE'`))),
  }),
  startDraftJob('EMAIL', ({ approved }) => approved, 'email_drafts'),
  startDraftJob('SOCIAL', ({ reachable }) => reachable, 'social_drafts'),
  followUp('EMAIL', 'email_drafts'),
  followUp('SOCIAL', 'social_drafts'),
  mutation('discover', () => ({ platform: 'WEBSITE', query: site.origin }), '', { works: JobType.DISCOVER, wrote: hasFound }),
  mutation('discover', ({ batch }) => ({ platform: 'WEBSITE', query: site.origin, idempotencyKey: batch }), '', { name: 'discover with a key', works: JobType.DISCOVER, wrote: hasFound }),
  mutation('retryJob', ({ retried, batch }) => ({ id: ids.job(retried), codes: ['GONE'], idempotencyKey: batch }), '', {
    name: 'retryJob with codes and a key',
    wrote: (owner, { retried }) => exists(owner, row('jobs', `t->>'retry_of_id' = $1 and t->>'parameters' like '%Hello%'`), retried),
  }),
  mutation('cancelMessage', ({ withdrawn }) => ({ id: ids.message(withdrawn) }), 'message { id }', {
    wrote: (owner, { withdrawn }) => exists(owner, row('email_messages', `t->>'id' = $1 and t->>'status' = 'cancelled'`), withdrawn),
  }),
  mutation('suppress', ({ unwanted }) => ({ prospectId: ids.prospect(unwanted) }), 'excludedCount', {
    wrote: async (owner, { unwanted }) =>
      (await exists(owner, row('prospects', `t->>'id' = $1 and t->>'stage' = 'excluded'`), unwanted))
      && exists(owner, row('suppressions', `t->>'reason' = 'suppressed'`)),
  }),
  mutation('unsuppress', () => ({ email: liftable }), 'readmittedCount', {
    wrote: async (owner) => exists(owner, row('prospects', `t->>'email' = $1 and t->>'stage' <> 'excluded'`), liftable),
  }),
  mutation('eraseProspect', ({ erasable }) => ({ id: ids.prospect(erasable) }), '', {
    wrote: (owner, { erasable }) => exists(owner, row('prospects', `t->>'id' = $1 and t->>'email' is null and t->>'erased_at' is not null`), erasable),
  }),
  mutation('reclassifyInbound', () => ({}), 'changed', {
    wrote: async (owner, { heard }) =>
      (await exists(owner, row('email_messages', `t->>'id' = $1 and t->>'status' = 'replied'`), heard))
      && exists(owner, row('inbound_messages', `t->>'email_message_id' = $1`), heard),
  }),
  mutation('tagProspects', ({ edited }) => ({ ids: [ids.prospect(edited)], add: ['tagged'] }), 'changedCount', {
    wrote: (owner, { edited }) => exists(owner, row('prospects', `t->>'id' = $1 and t->>'tags' like '%tagged%'`), edited),
  }),
  mutation('updateSettings', ({ batch }) => ({ draftEmail: { subject: batch } }), 'settings { draftEmail { subject } }', {
    wrote: (owner, { batch }) => exists(owner, row('settings', `t->>'key' = 'draft.email' and t->>'value' like '%' || $1 || '%'`), batch),
  }),
  mutation('createTemplate', ({ batch }) => ({ name: batch, subject: 'Hello', body: 'Hello {{ displayName }}' }), 'template { name }', {
    wrote: (owner, { batch }) => exists(owner, row('templates', `t->>'name' = $1`), batch),
  }),
  mutation('updateTemplate', ({ template, templateAt }) => ({ id: toGlobalId('Template', template), updatedAt: templateAt, body: 'Changed' }), '', {
    wrote: (owner, { template }) => exists(owner, row('templates', `t->>'id' = $1 and t->>'body' = 'Changed'`), template),
  }),
  mutation('deleteTemplate', ({ template }) => ({ id: toGlobalId('Template', template) }), '', {
    wrote: async (owner, { template }) => !(await exists(owner, row('templates', `t->>'id' = $1`), template)),
  }),
  mutation('saveFilter', ({ batch }) => ({ name: batch, filter: { tag: 'x' }, replace: true }), 'savedFilter { name }', {
    wrote: (owner, { batch }) => exists(owner, row('saved_filters', `t->>'name' = $1`), batch),
  }),
  mutation('deleteSavedFilter', ({ savedFilter }) => ({ id: toGlobalId('SavedFilter', savedFilter) }), '', {
    wrote: async (owner, { savedFilter }) => !(await exists(owner, row('saved_filters', `t->>'id' = $1`), savedFilter)),
  }),
  mutation('createApiKey', ({ batch }) => ({ name: batch, role: 'VIEWER' }), 'key', {
    wrote: (owner, { batch }) => exists(owner, row('api_keys', `t->>'name' = $1`), batch),
  }),
  mutation('revokeApiKey', ({ apiKey }) => ({ id: toGlobalId('ApiKey', apiKey) }), '', {
    wrote: (owner, { apiKey }) => exists(owner, row('api_keys', `t->>'id' = $1 and t->>'revoked_at' is not null`), apiKey),
  }),
  mutation('createWebhook', ({ batch }) => ({ url: `http://127.0.0.1:9/${batch}`, events: ['MESSAGE_BOUNCED'] }), 'secret', {
    wrote: (owner, { batch }) => exists(owner, row('webhooks', `t->>'url' like '%' || $1`), batch),
  }),
  mutation('updateWebhook', ({ webhook }) => ({ id: toGlobalId('Webhook', webhook), enabled: false }), '', {
    wrote: (owner, { webhook }) => exists(owner, row('webhooks', `t->>'id' = $1 and t->>'enabled' = 'false'`), webhook),
  }),
  mutation('redeliverWebhook', ({ delivery }) => ({ id: toGlobalId('WebhookDelivery', delivery) }), '', {
    wrote: (owner, { delivery }) => exists(owner, row('webhook_deliveries', `t->>'id' = $1 and t->>'state' = 'waiting'`), delivery),
  }),
  mutation('deleteWebhook', ({ webhook }) => ({ id: toGlobalId('Webhook', webhook) }), '', {
    wrote: async (owner, { webhook }) => !(await exists(owner, row('webhooks', `t->>'id' = $1`), webhook)),
  }),
  resolveMessage('SENT', ({ byHand }) => byHand, 'sent'),
  resolveMessage('NOT_SENT', ({ undecided }) => undecided, 'failed'),
  resolveMessage('REPLIED', ({ answered }) => answered, 'replied'),
  jobAction('pauseJob', ({ pausable }) => pausable, 'paused'),
  jobAction('resumeJob', ({ resumable }) => resumable, 'running'),
  jobAction('cancelJob', ({ cancellable }) => cancellable, 'cancelled'),
];
