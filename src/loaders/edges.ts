import type DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import { sql, type Kysely } from 'kysely';
import { readRows } from '../database/readRows.ts';
import { activitiesOfProspect } from '../queries/activities.ts';
import { Channel } from '../domain/enums.ts';
import { drafts, draftsOf } from '../queries/drafts.ts';
import { draftFilter, messageFilter, ofParent } from '../queries/filters.ts';
import { inboundMessages } from '../queries/inboundMessages.ts';
import { jobFailures } from '../queries/jobFailures.ts';
import { listsBelow, selectList, toRow, type Condition, type Connection, type Row } from '../queries/list.ts';
import { messages, messagesOf } from '../queries/messages.ts';
import { readPage, type PageArgs } from '../queries/page.ts';
import type { Source } from '../queries/readModel.ts';
import { connectionSelection, fieldsOf } from '../queries/selection.ts';
import { socialProfiles } from '../queries/socialProfiles.ts';
import type { Loaders } from './Loaders.ts';

interface Request {
  db: Kysely<never>;
  loaders: Loaders;
}

/** Prospect.socialProfiles: all of them, oldest first. */
export function socialProfilesOfProspect({ db, loaders }: Request, info: GraphQLResolveInfo): DataLoader<string, Row[]> {
  return loaders.for(info.fieldNodes, 'socialProfiles', () => {
    const fields = fieldsOf(info, 'SocialProfile');
    const load = async (prospects: readonly string[]) => {
      const [source] = socialProfiles.sources;
      const rows = await readRows(db, sql<{ $key: string; $parent: string }>`
        select t.prospect_id as "$parent", ${selectList(source!, fields)} from social_profiles t
        where t.prospect_id = any(${prospects}::uuid[]) order by t.prospect_id, t.id`);
      const byProspect = Map.groupBy(rows, (row) => row.$parent);
      return prospects.map((key) => (byProspect.get(key) ?? []).map((row) => toRow(socialProfiles, row)));
    };
    return { name: `socialProfiles(${fields.join()})`, load };
  });
}

/** SocialProfile.latestDraft */
export function latestDraftOfProfile({ db, loaders }: Request, info: GraphQLResolveInfo): DataLoader<string, Row | null> {
  return loaders.for(info.fieldNodes, 'latestDraft', () => {
    const fields = fieldsOf(info, 'Draft');
    const load = async (profiles: readonly string[]) => {
      const [source] = draftsOf.social.sources;
      const rows = await readRows(db, sql<{ $key: string; $parent: string }>`
        select parent.id as "$parent", latest.* from unnest(${profiles}::uuid[]) parent (id)
        cross join lateral (select ${selectList(source!, fields)} from ${sql.raw(source!.from)}
          where t.social_profile_id = parent.id order by t.created_at desc, t.id desc limit 1) latest`);
      const byProfile = new Map(rows.map((row) => [row.$parent, toRow(drafts, row)]));
      return profiles.map((key) => byProfile.get(key) ?? null);
    };
    return { name: `latestDraft(${fields.join()})`, load };
  });
}

export type DraftsArgs = PageArgs & { filter?: Parameters<typeof draftFilter>[0] | null };

/** Prospect.drafts: of both channels, newest first. */
export function draftsOfProspect({ db, loaders }: Request, args: DraftsArgs, info: GraphQLResolveInfo): DataLoader<string, Connection> {
  return loaders.for(info.fieldNodes, 'drafts', () => {
    const order = drafts.orders.CREATED_AT;
    const page = readPage(args, order, 'CREATED_AT:DESC');
    const selection = connectionSelection(info, 'Draft');
    const conditions = (source: (typeof drafts.sources)[number]) => draftFilter(args.filter ?? {}, source);
    return {
      name: `drafts(${JSON.stringify([args, selection])})`,
      load: (prospects) => listsBelow(db, prospects, ofParent, { model: drafts, order, direction: 'desc', page, selection, conditions }),
    };
  });
}

export type MessagesArgs = PageArgs & { filter?: Parameters<typeof messageFilter>[0] | null };

/** Prospect.messages: of both channels, newest first. */
export function messagesOfProspect(request: Request, args: MessagesArgs, info: GraphQLResolveInfo): DataLoader<string, Connection> {
  const channel = args.filter?.channel;
  return messagesBelow(request, channel == null ? messages : messagesOf[channel], ofParent, args, info);
}

/** SocialProfile.messages: newest first. */
export function messagesOfProfile(request: Request, args: MessagesArgs, info: GraphQLResolveInfo): DataLoader<string, Connection> {
  return messagesBelow(request, messagesOf.social, () => sql`t.social_profile_id = parent.id`, args, info);
}

function messagesBelow(
  { db, loaders }: Request, model: typeof messages, belongsTo: (source: Source) => Condition, args: MessagesArgs, info: GraphQLResolveInfo,
): DataLoader<string, Connection> {
  const edge = `${info.parentType.name}.messages`;
  return loaders.for(info.fieldNodes, edge, () => {
    const order = model.orders.CREATED_AT;
    const page = readPage(args, order, 'CREATED_AT:DESC');
    const selection = connectionSelection(info, 'Message');
    const conditions = (source: Source) => messageFilter(args.filter ?? {}, source);
    return {
      name: `${edge}(${JSON.stringify([args, selection])})`,
      load: (parents) => listsBelow(db, parents, belongsTo, { model, order, direction: 'desc', page, selection, conditions }),
    };
  });
}

/** Prospect.inboundMessages: newest first. */
export function inboundOfProspect({ db, loaders }: Request, args: PageArgs, info: GraphQLResolveInfo): DataLoader<string, Connection> {
  return loaders.for(info.fieldNodes, 'inboundMessages', () => {
    const order = inboundMessages.orders.CREATED_AT;
    const page = readPage(args, order, 'CREATED_AT:DESC');
    const selection = connectionSelection(info, 'InboundMessage');
    return {
      name: `inboundMessages(${JSON.stringify([args, selection])})`,
      load: (prospects) => listsBelow(db, prospects, ofParent, { model: inboundMessages, order, direction: 'desc', page, selection, conditions: () => [] }),
    };
  });
}

/** Prospect.activities: of the prospect, its profiles, drafts and messages, newest first. */
export function activitiesBelow({ db, loaders }: Request, args: PageArgs, info: GraphQLResolveInfo): DataLoader<string, Connection> {
  return loaders.for(info.fieldNodes, 'activities', () => {
    const order = activitiesOfProspect.orders.CREATED_AT;
    const page = readPage(args, order, 'CREATED_AT:DESC');
    const selection = connectionSelection(info, 'Activity');
    return {
      name: `activities(${JSON.stringify([args, selection])})`,
      load: (prospects) =>
        listsBelow(db, prospects, () => sql`true`, { model: activitiesOfProspect, order, direction: 'desc', page, selection, conditions: () => [] }),
    };
  });
}

export interface VersionRow {
  version: number;
  subject: string | null;
  body: string;
  fingerprint: string;
  createdAt: Date;
  replacedAt: Date;
  replacedBy: string;
}

/** Of one draft; what is older than these is left out. */
const shownVersions = 100;

/** Draft.versions, of drafts of one channel: the last ones, newest first. */
export function versionsOfDraft({ db, loaders }: Request, channel: Channel, info: GraphQLResolveInfo): DataLoader<string, VersionRow[]> {
  return loaders.for(info.fieldNodes, channel, () => {
    const load = async (drafts: readonly string[]) => {
      const subject = channel === Channel.EMAIL ? sql`v.subject` : sql`null`;
      const { rows } = await sql<VersionRow & { draft: string }>`
        select draft.id as draft, kept.* from ${sql.table(`${channel}_drafts`)} as draft cross join lateral (
          select v.version, ${subject} as subject, v.body, v.fingerprint, v.replaced_by as "replacedBy", v.created_at as "replacedAt",
            lag(v.created_at, 1, draft.created_at) over (order by v.version) as "createdAt"
          from ${sql.table(`${channel}_draft_versions`)} as v
          where v.draft_id = draft.id order by v.version desc limit ${shownVersions}
        ) as kept
        where draft.id = any(${drafts}::uuid[]) order by kept.version desc`.execute(db);
      const byDraft = Map.groupBy(rows, ({ draft }) => draft);
      return drafts.map((key) => byDraft.get(key) ?? []);
    };
    return { name: `versions(${channel})`, load };
  });
}

export type FailuresArgs = PageArgs & { code?: string | null };

/** Job.failures: in the order of the targets. */
export function failuresOfJob({ db, loaders }: Request, args: FailuresArgs, info: GraphQLResolveInfo): DataLoader<string, Connection> {
  return loaders.for(info.fieldNodes, 'failures', () => {
    const order = jobFailures.orders.ORDINAL;
    const page = readPage(args, order, 'ORDINAL:ASC');
    const selection = connectionSelection(info, 'JobFailure');
    const conditions = () => [sql`t.outcome = 'failed'`, ...(args.code == null ? [] : [sql`t.code = ${args.code}`])];
    return {
      name: `failures(${JSON.stringify([args, selection])})`,
      load: (jobs) => listsBelow(db, jobs, () => sql`t.job_id = parent.id`, { model: jobFailures, order, direction: 'asc', page, selection, conditions }),
    };
  });
}
