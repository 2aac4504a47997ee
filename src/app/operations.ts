import type { EntityMetadata, MikroORM } from '@mikro-orm/postgresql';
import { DeliveryState, DraftStatus, InboundKind, JobStatus, JobType, MessageStatus, PipelineStage, Platform, ReviewStatus, Role, SourceType, SuppressionKind, TargetOutcome } from '../domain/enums.ts';
import { expectedCatalog } from '../health/expectedCatalog.ts';
import type { OperationMap } from '../health/health.ts';
import { activities } from '../queries/activities.ts';
import { apiKeys } from '../queries/apiKeys.ts';
import { discoveryQueries, scraperRequests } from '../queries/discoveryQueries.ts';
import { drafts } from '../queries/drafts.ts';
import { filterColumns } from '../queries/filterColumns.ts';
import { inboundMessages } from '../queries/inboundMessages.ts';
import { jobFailures } from '../queries/jobFailures.ts';
import { jobs } from '../queries/jobs.ts';
import { messages } from '../queries/messages.ts';
import { prospects } from '../queries/prospects.ts';
import { columnOf, type ReadModel } from '../queries/readModel.ts';
import { savedFilters } from '../queries/savedFilters.ts';
import { socialProfiles } from '../queries/socialProfiles.ts';
import { suppressions } from '../queries/suppressions.ts';
import { templates } from '../queries/templates.ts';
import { webhookDeliveries, webhooks } from '../queries/webhooks.ts';
import type { Needs } from './touches/needs.ts';
import { touches } from './touches/touches.ts';

const models: readonly ReadModel[] = [prospects, socialProfiles, drafts, messages, jobs, jobFailures, templates, savedFilters, apiKeys, webhooks, webhookDeliveries, activities, suppressions, inboundMessages, discoveryQueries, scraperRequests];

/** Columns of a table that its rows are not found by without it, whatever is selected of them. */
const roots: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  prospects: {
    id: ['Activity.subject', 'Query.prospect', 'Query.prospects', 'Draft.prospect', 'Message.prospect', 'InboundMessage.prospect', 'SocialProfile.prospect', 'JobFailure.target', 'ProspectPayload.prospect', 'ReviewProspectsPayload.prospects', 'TagProspectsPayload.prospects'],
    created_at: ['Query.prospects'],
    stage: ['Query.pipelineStatus'],
  },
  social_profiles: {
    id: ['Activity.subject', 'Message.draft', 'Query.socialProfile', 'Query.socialProfiles', 'Prospect.socialProfiles', 'Draft.socialProfile', 'Message.socialProfile', ...ofSocialDrafts(), ...ofSocialMessages()],
    prospect_id: ['Prospect.socialProfiles', 'Prospect.drafts', 'Prospect.messages'],
    created_at: ['Query.socialProfiles'],
  },
  email_drafts: {
    id: ['Activity.subject', 'Query.draft', 'Query.drafts', 'Prospect.drafts', 'Message.draft', 'Channel.EMAIL'],
    prospect_id: ['Prospect.drafts'],
    created_at: ['Query.drafts', 'Prospect.drafts', 'Channel.EMAIL'],
  },
  social_drafts: {
    id: ['Activity.subject', ...ofSocialDrafts(), 'Message.draft'],
    social_profile_id: ['Message.draft', ...ofSocialDrafts()],
    created_at: ofSocialDrafts(),
  },
  email_messages: {
    id: ['Activity.subject', 'Query.messages', 'Prospect.messages', 'Message.id', 'InboundMessage.message', 'MessagePayload.message'],
    prospect_id: ['Prospect.messages'],
    created_at: ['Query.messages', 'Prospect.messages'],
  },
  social_messages: {
    id: ['Activity.subject', ...ofSocialMessages()],
    social_profile_id: ofSocialMessages(),
    created_at: ofSocialMessages(),
  },
  jobs: {
    id: ['Activity.subject', 'Query.job', 'Query.jobs', 'Draft.job', 'Message.job', 'DiscoveryQuery.lastJob', 'Job.retryOf', 'JobPayload.job', 'JobProgress.job'],
    created_at: ['Query.jobs'],
    status: ['Query.pipelineStatus'],
  },
  templates: { id: ['Activity.subject', 'Query.templates', 'TemplatePayload.template'], name: ['Query.templates'] },
  saved_filters: { id: ['Activity.subject', 'Query.savedFilters', 'SavedFilterPayload.savedFilter'], name: ['Query.savedFilters'] },
  api_keys: { id: ['Activity.subject', 'Query.apiKeys', 'ApiKeyPayload.apiKey'], created_at: ['Query.apiKeys'] },
  webhooks: { id: ['Activity.subject', 'Query.webhooks', 'WebhookPayload.webhook', 'WebhookDelivery.webhook'], created_at: ['Query.webhooks'] },
  webhook_deliveries: { id: ['Query.webhookDeliveries', 'WebhookDeliveryPayload.delivery'], created_at: ['Query.webhookDeliveries'] },
  activities: {
    id: ['Query.activities', 'Prospect.activities'],
    created_at: ['Query.activities', 'Prospect.activities'],
    subject_type: ['Prospect.activities'],
  },
  suppressions: { id: ['Query.suppressions', 'Query.suppressionOf', 'SuppressPayload.suppressions'], created_at: ['Query.suppressions'] },
  inbound_messages: {
    id: ['Query.inboundMessages', 'Prospect.inboundMessages'], created_at: ['Query.inboundMessages', 'Prospect.inboundMessages'], prospect_id: ['Prospect.inboundMessages'],
  },
  discovery_queries: { id: ['Query.discoveryQueries', 'Job.discoveryQuery'], created_at: ['Query.discoveryQueries'] },
  scraper_history: {
    id: ['Job.scraperHistory', 'DiscoveryQuery.history'],
    created_at: ['Job.scraperHistory', 'DiscoveryQuery.history'],
    job_id: ['Job.scraperHistory'],
    discovery_query_id: ['DiscoveryQuery.history'],
  },
  job_targets: {
    job_id: ['Job.failures'],
    outcome: ['Job.failures'],
    ordinal: ['Job.failures'],
  },
};

function ofSocialDrafts(): string[] {
  return ['Query.drafts', 'Prospect.drafts', 'SocialProfile.latestDraft', 'Channel.SOCIAL'];
}

function ofSocialMessages(): string[] {
  return ['Query.messages', 'Prospect.messages', 'SocialProfile.messages'];
}

/** Where rows that are not shown would look like rows that are not there; a loss that fails loudly leaves them the rest. */
const hiding: Readonly<Record<string, readonly string[]>> = {
  social_drafts: ['Query.draft'],
  social_profiles: ['Query.draft', 'JobFailure.target'],
  social_messages: ['Message.id', 'Mutation.cancelMessage', 'Mutation.resolveMessage'],
};

/** Values that statements look for. */
const lookedFor: Readonly<Record<string, readonly string[]>> = {
  'target_outcome=failed': ['Job.failures'],
  'job_type=discover': ['DiscoveryQuery.lastJob'],
  ...Object.fromEntries(Object.values(PipelineStage).map((stage) => [`pipeline_stage=${stage}`, ['Query.pipelineStatus']])),
  ...Object.fromEntries(['pending', 'running', 'paused', 'cancelling'].map((status) => [`job_status=${status}`, ['Query.pipelineStatus', 'Subscription.jobsChanged']])),
};

type Add = (object: string, ...coordinates: readonly string[]) => void;

/**
 * What the schema has → the GraphQL coordinates that cannot work without it. The objects:
 *
 * - `table`, `table.column`: whatever names it
 * - `table#SELECT`, `table.column#INSERT`, …: whatever does that to it
 * - `table#LOCK`, `table#CASCADE`, `table#CONFLICT`: what locks its rows, deletes them by a foreign key, inserts ON CONFLICT
 * - `table.column#OMITTED`: what inserts without that column, whose default it relies on
 * - `table#ROWS`: what would take a row that it may not see for one that is not there
 * - `table#name`: what relies on that key or constraint
 * - `type`, `type=value`, `function()`: whatever names it
 */
export function operationMap(orm: MikroORM): OperationMap {
  const map = new Map<string, Set<string>>();
  const add: Add = (object, ...coordinates) => {
    const known = map.get(object) ?? new Set();
    map.set(object, known);
    coordinates.forEach((coordinate) => known.add(coordinate));
  };
  const entities = [...orm.getMetadata().getAll().values()].filter(({ abstract }) => !abstract);
  for (const model of models) addModel(model, add);
  addFilters(entities, add);
  addEnums(add);
  for (const [table, columns] of Object.entries(roots)) {
    for (const [column, coordinates] of Object.entries(columns)) addRead(`${table}.${column}`, coordinates, add);
  }
  for (const [table, coordinates] of Object.entries(hiding)) add(`${table}#ROWS`, ...coordinates);
  for (const [object, coordinates] of Object.entries(lookedFor)) add(object, ...coordinates);
  for (const [coordinate, needs] of Object.entries(touches)) needs.forEach((part) => addNeeds(coordinate, part, entities, add));
  return Object.fromEntries([...map].map(([object, coordinates]) => [object, [...coordinates].sort()]));
}

function addRead(column: string, coordinates: readonly string[], add: Add): void {
  const table = column.slice(0, column.lastIndexOf('.'));
  for (const object of [table, column, `${table}#SELECT`, `${column}#SELECT`]) add(object, ...coordinates);
}

function addModel({ type, sources, orders, orderEnum }: ReadModel, add: Add): void {
  for (const { table, fields, key } of sources) {
    if (key === 't.id' && sources.length === 1) addRead(`${table}.id`, [`${type}.id`], add);
    for (const [field, { columns }] of Object.entries(fields)) {
      for (const column of columns) addRead(column, [`${type}.${field}`], add);
    }
    for (const [order, { columns }] of Object.entries(orderEnum ? orders : {})) {
      for (const column of columns) addRead(`${table}.${column}`, [`${orderEnum}.${order}`], add);
    }
  }
}

/** A filter names the type of an enum that it compares with. */
function addFilters(entities: readonly EntityMetadata[], add: Add): void {
  for (const [filter, fields] of Object.entries(filterColumns)) {
    for (const [field, columns] of Object.entries(fields)) {
      for (const column of columns) {
        addRead(column, [`${filter}.${field}`], add);
        const type = enumOf(column, entities);
        if (type) add(type, `${filter}.${field}`);
      }
    }
  }
}

/** A value that the database lacks cannot be asked for: `job_status=paused` → `JobStatus.PAUSED`. */
function addEnums(add: Add): void {
  for (const [name, labels] of Object.entries({ DraftStatus, JobStatus, JobType, MessageStatus, PipelineStage, Platform, ReviewStatus, Role, SourceType, TargetOutcome, DeliveryState, InboundKind, SuppressionKind })) {
    const type = columnOf(name).slice(1);
    for (const [key, label] of Object.entries(labels)) add(`${type}=${label}`, `${name}.${key}`);
  }
}

function enumOf(place: string, entities: readonly EntityMetadata[]): string | undefined {
  const [table, column] = place.split('.');
  return entities.find(({ tableName }) => tableName === table)?.props.find(({ fieldNames }) => fieldNames?.[0] === column)?.nativeEnumName;
}

function addNeeds(coordinate: string, { tables, objects = [] }: Needs, entities: readonly EntityMetadata[], add: Add): void {
  objects.forEach((object) => add(object, coordinate));
  for (const [table, { select, insert, update, lock, delete: deletes, cascade, upsert }] of Object.entries(tables)) {
    if (select !== undefined || !cascade) add(table, coordinate);
    if (lock) add(`${table}#LOCK`, coordinate);
    if (cascade) add(`${table}#CASCADE`, coordinate);
    if (upsert) add(`${table}#CONFLICT`, coordinate);
    if (deletes) add(`${table}#DELETE`, coordinate);
    // A trigger writes it down.
    const touched = update !== undefined && entities.some(({ tableName, props }) => tableName === table && props.some(({ name }) => name === 'updatedAt'));
    for (const [right, columns] of Object.entries({ SELECT: select, INSERT: insert, UPDATE: touched ? `${update} updated_at` : update })) {
      for (const column of columns?.split(' ') ?? []) {
        for (const object of [`${table}.${column}`, `${table}#${right}`, `${table}.${column}#${right}`]) add(object, coordinate);
      }
    }
    if (insert !== undefined) omittedFrom(table, insert).forEach((column) => add(`${table}.${column}#OMITTED`, coordinate));
  }
}

/** Columns with a default that an insert does not name. */
function omittedFrom(table: string, insert: string): string[] {
  const named = new Set(insert.split(' '));
  const columns = Object.entries(expectedCatalog.relations[table]?.columns ?? {});
  return columns.filter(([column, { default: value }]) => value !== null && !named.has(column)).map(([column]) => column);
}
