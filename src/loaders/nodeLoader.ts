import type DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import type { Kysely } from 'kysely';
import { uuidOf, type NodeType } from '../domain/globalId.ts';
import { activities } from '../queries/activities.ts';
import { apiKeys } from '../queries/apiKeys.ts';
import { discoveryQueries, scraperRequests } from '../queries/discoveryQueries.ts';
import { drafts } from '../queries/drafts.ts';
import { inboundMessages } from '../queries/inboundMessages.ts';
import { jobs } from '../queries/jobs.ts';
import { failuresByKey } from '../queries/jobFailures.ts';
import type { Row } from '../queries/list.ts';
import { messages } from '../queries/messages.ts';
import { prospects } from '../queries/prospects.ts';
import { rowsByKey } from '../queries/rows.ts';
import { savedFilters } from '../queries/savedFilters.ts';
import { fieldsOf } from '../queries/selection.ts';
import { socialProfiles } from '../queries/socialProfiles.ts';
import { suppressions } from '../queries/suppressions.ts';
import { templates } from '../queries/templates.ts';
import { webhookDeliveries, webhooks } from '../queries/webhooks.ts';
import type { Loaders } from './Loaders.ts';

type Load = (db: Kysely<never>, keys: readonly string[], fields: readonly string[]) => Promise<(Row | null)[]>;

const load: Readonly<Record<NodeType, Load>> = {
  Prospect: (db, keys, fields) => rowsByKey(db, prospects, keys, fields),
  SocialProfile: (db, keys, fields) => rowsByKey(db, socialProfiles, keys, fields),
  Draft: (db, keys, fields) => rowsByKey(db, drafts, keys, fields),
  Message: (db, keys, fields) => rowsByKey(db, messages, keys, fields),
  Job: (db, keys, fields) => rowsByKey(db, jobs, keys, fields),
  JobFailure: failuresByKey,
  Template: (db, keys, fields) => rowsByKey(db, templates, keys, fields),
  SavedFilter: (db, keys, fields) => rowsByKey(db, savedFilters, keys, fields),
  ApiKey: (db, keys, fields) => rowsByKey(db, apiKeys, keys, fields),
  Webhook: (db, keys, fields) => rowsByKey(db, webhooks, keys, fields),
  WebhookDelivery: (db, keys, fields) => rowsByKey(db, webhookDeliveries, keys, fields),
  Activity: (db, keys, fields) => rowsByKey(db, activities, keys, fields),
  Suppression: (db, keys, fields) => rowsByKey(db, suppressions, keys, fields),
  InboundMessage: (db, keys, fields) => rowsByKey(db, inboundMessages, keys, fields),
  DiscoveryQuery: (db, keys, fields) => rowsByKey(db, discoveryQueries, keys, fields),
  ScraperRequest: (db, keys, fields) => rowsByKey(db, scraperRequests, keys, fields),
};

interface Request {
  db: Kysely<never>;
  loaders: Loaders;
}

/** Loads rows of a type by key, with the fields that `info` asks of it; null where there is none. */
export function nodeLoader({ db, loaders }: Request, type: NodeType, info: GraphQLResolveInfo): DataLoader<string, Row | null> {
  return loaders.for(info.fieldNodes, type, () => {
    const fields = fieldsOf(info, type);
    return { name: `${type}(${fields.join()})`, load: (keys) => load[type](db, keys, fields) };
  });
}

/** The row that a row or an answer refers to by its key; null where it refers to none, or there is none. */
export function nodeByKey(request: Request, type: NodeType, key: unknown, info: GraphQLResolveInfo): Promise<Row | null> {
  return key == null ? Promise.resolve(null) : nodeLoader(request, type, info).load(key as string);
}

/** The rows with these keys that there are, in their order. */
export async function nodesByKey(request: Request, type: NodeType, keys: readonly string[], info: GraphQLResolveInfo): Promise<Row[]> {
  const rows = await nodeLoader(request, type, info).loadMany(keys);
  return rows.filter((row): row is Row => {
    if (row instanceof Error) throw row;
    return row !== null;
  });
}

/** The row with this global id; null where it is no id of this type, or there is none. */
export function nodeById(request: Request, type: NodeType, id: string, info: GraphQLResolveInfo): Promise<Row | null> {
  return nodeByKey(request, type, uuidOf(type, id), info);
}
