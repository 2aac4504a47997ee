import type DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import { sql, type Kysely } from 'kysely';
import { drafts, draftsOf } from '../queries/drafts.ts';
import { draftFilter, messageFilter, ofParent } from '../queries/filters.ts';
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
      const { rows } = await sql<{ $key: string; $parent: string }>`
        select t.prospect_id as "$parent", ${selectList(source!, fields)} from social_profiles t
        where t.prospect_id = any(${prospects}::uuid[]) order by t.prospect_id, t.id`.execute(db);
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
      const { rows } = await sql<{ $key: string; $parent: string }>`
        select parent.id as "$parent", latest.* from unnest(${profiles}::uuid[]) parent (id)
        cross join lateral (select ${selectList(source!, fields)} from ${sql.raw(source!.from)}
          where t.social_profile_id = parent.id order by t.created_at desc, t.id desc limit 1) latest`.execute(db);
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
