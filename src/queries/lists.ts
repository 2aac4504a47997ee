import type { GraphQLResolveInfo } from 'graphql';
import { sql, type Kysely } from 'kysely';
import type { Channel, Platform, SuppressionKind } from '../domain/enums.ts';
import { oneOf } from '../entities/conditions.ts';
import { activities } from './activities.ts';
import { apiKeys } from './apiKeys.ts';
import { discoveryQueries } from './discoveryQueries.ts';
import { drafts, draftsOf } from './drafts.ts';
import { activityFilter, deliveryFilter, draftFilter, inboundFilter, jobFilter, messageFilter, prospectFilter, socialProfileFilter } from './filters.ts';
import { inboundMessages } from './inboundMessages.ts';
import { jobs } from './jobs.ts';
import { list, type ConditionsOf, type Connection } from './list.ts';
import { messages, messagesOf } from './messages.ts';
import { readPage, type PageArgs } from './page.ts';
import { prospects } from './prospects.ts';
import type { ReadModel } from './readModel.ts';
import { savedFilters } from './savedFilters.ts';
import { connectionSelection } from './selection.ts';
import { socialProfiles } from './socialProfiles.ts';
import { suppressions } from './suppressions.ts';
import { templates } from './templates.ts';
import { webhookDeliveries, webhooks } from './webhooks.ts';

type Db = Kysely<never>;
type OrderBy<Field extends string> = { orderBy?: { field: Field; direction: 'asc' | 'desc' } | null };
type Args<Model extends ReadModel, Filter> = PageArgs & { filter?: Filter | null } & OrderBy<keyof Model['orders'] & string>;

/** Query.prospects */
export function listProspects(db: Db, args: Args<typeof prospects, Parameters<typeof prospectFilter>[0]>, info: GraphQLResolveInfo): Promise<Connection> {
  return page(db, prospects, args, info, () => prospectFilter(args.filter ?? {}));
}

/** Query.socialProfiles */
export function listSocialProfiles(
  db: Db, args: Args<typeof socialProfiles, Parameters<typeof socialProfileFilter>[0]>, info: GraphQLResolveInfo,
): Promise<Connection> {
  return page(db, socialProfiles, args, info, () => socialProfileFilter(args.filter ?? {}));
}

/** Query.drafts: of one channel, or of both in one order. */
export function listDrafts(
  db: Db, args: Args<typeof drafts, Parameters<typeof draftFilter>[0]> & { channel?: Channel | null }, info: GraphQLResolveInfo,
): Promise<Connection> {
  const model = args.channel == null ? drafts : draftsOf[args.channel];
  return page(db, model, args, info, (source) => draftFilter(args.filter ?? {}, source));
}

/** Query.messages: of one channel, or of both in one order; newest first. */
export function listMessages(db: Db, args: PageArgs & { filter?: Parameters<typeof messageFilter>[0] | null }, info: GraphQLResolveInfo): Promise<Connection> {
  const filter = args.filter ?? {};
  const model = filter.channel == null ? messages : messagesOf[filter.channel];
  return page(db, model, args, info, (source) => messageFilter(filter, source));
}

/** Query.jobs */
export function listJobs(db: Db, args: Args<typeof jobs, Parameters<typeof jobFilter>[0]>, info: GraphQLResolveInfo): Promise<Connection> {
  return page(db, jobs, args, info, () => jobFilter(args.filter ?? {}));
}

/** Query.templates: by name. */
export function listTemplates(db: Db, args: PageArgs & { channel?: Channel | null }, info: GraphQLResolveInfo): Promise<Connection> {
  const conditions = () => (args.channel == null ? [] : [sql`t.channel = ${args.channel}::channel`]);
  return page(db, templates, { ...args, orderBy: byName }, info, conditions);
}

/** Query.savedFilters: by name. */
export function listSavedFilters(db: Db, args: PageArgs, info: GraphQLResolveInfo): Promise<Connection> {
  return page(db, savedFilters, { ...args, orderBy: byName }, info, () => []);
}

/** Query.apiKeys: newest first. */
export function listApiKeys(db: Db, args: PageArgs, info: GraphQLResolveInfo): Promise<Connection> {
  return page(db, apiKeys, args, info, () => []);
}

/** Query.webhooks: newest first. */
export function listWebhooks(db: Db, args: PageArgs, info: GraphQLResolveInfo): Promise<Connection> {
  return page(db, webhooks, args, info, () => []);
}

/** Query.webhookDeliveries: newest first. */
export function listWebhookDeliveries(db: Db, args: PageArgs & { filter?: Parameters<typeof deliveryFilter>[0] | null }, info: GraphQLResolveInfo): Promise<Connection> {
  return page(db, webhookDeliveries, args, info, () => deliveryFilter(args.filter ?? {}));
}

/** Query.activities: newest first, of all or of one subject. */
export function listActivities(db: Db, args: PageArgs & { subject?: string | null }, info: GraphQLResolveInfo): Promise<Connection> {
  return page(db, activities, args, info, () => activityFilter(args.subject ?? null));
}

/** Query.suppressions: newest first. */
export function listSuppressions(db: Db, args: PageArgs & { kind?: SuppressionKind[] | null }, info: GraphQLResolveInfo): Promise<Connection> {
  const conditions = () => (args.kind == null ? [] : [oneOf(sql`t.kind`, 'suppression_kind', args.kind)]);
  return page(db, suppressions, args, info, conditions);
}

/** Query.inboundMessages: newest first. */
export function listInboundMessages(db: Db, args: PageArgs & { filter?: Parameters<typeof inboundFilter>[0] | null }, info: GraphQLResolveInfo): Promise<Connection> {
  return page(db, inboundMessages, args, info, () => inboundFilter(args.filter ?? {}));
}

/** Query.discoveryQueries: newest first. */
export function listDiscoveryQueries(db: Db, args: PageArgs & { filter?: { platform?: Platform | null } | null }, info: GraphQLResolveInfo): Promise<Connection> {
  const platform = args.filter?.platform;
  const conditions = () => (platform == null ? [] : [sql`t.platform = ${platform}::platform`]);
  return page(db, discoveryQueries, args, info, conditions);
}

const byName = { field: 'NAME', direction: 'asc' } as const;

/** Newest first unless the request says otherwise. */
async function page<Field extends string>(
  db: Db, model: ReadModel<Field>, args: PageArgs & OrderBy<Field>, info: GraphQLResolveInfo, conditions: ConditionsOf,
): Promise<Connection> {
  const { field, direction } = args.orderBy ?? { field: 'CREATED_AT' as Field, direction: 'desc' };
  const order = model.orders[field];
  return list(db, {
    model,
    order,
    direction,
    page: readPage(args, order, `${field}:${direction.toUpperCase()}`),
    selection: connectionSelection(info, model.type),
    conditions,
  });
}
