import type { GraphQLResolveInfo } from 'graphql';
import type { Kysely } from 'kysely';
import type { Channel } from '../domain/enums.ts';
import { drafts, draftsOf } from './drafts.ts';
import { draftFilter, jobFilter, prospectFilter, socialProfileFilter } from './filters.ts';
import { jobs } from './jobs.ts';
import { list, type ConditionsOf, type Connection } from './list.ts';
import { readPage, type PageArgs } from './page.ts';
import { prospects } from './prospects.ts';
import type { ReadModel } from './readModel.ts';
import { connectionSelection } from './selection.ts';
import { socialProfiles } from './socialProfiles.ts';

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

/** Query.jobs */
export function listJobs(db: Db, args: Args<typeof jobs, Parameters<typeof jobFilter>[0]>, info: GraphQLResolveInfo): Promise<Connection> {
  return page(db, jobs, args, info, () => jobFilter(args.filter ?? {}));
}

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
