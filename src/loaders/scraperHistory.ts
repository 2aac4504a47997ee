import type DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import { sql, type Kysely } from 'kysely';
import { scraperRequests } from '../queries/discoveryQueries.ts';
import { listsBelow, type Connection } from '../queries/list.ts';
import { readPage, type PageArgs } from '../queries/page.ts';
import { connectionSelection } from '../queries/selection.ts';
import type { Loaders } from './Loaders.ts';

interface Request {
  db: Kysely<never>;
  loaders: Loaders;
}

/** Job.scraperHistory and DiscoveryQuery.history: newest first. @param parent the column that leads there */
export function scraperHistoryOf({ db, loaders }: Request, parent: 'job_id' | 'discovery_query_id', args: PageArgs, info: GraphQLResolveInfo): DataLoader<string, Connection> {
  return loaders.for(info.fieldNodes, parent, () => {
    const order = scraperRequests.orders.CREATED_AT;
    const page = readPage(args, order, 'CREATED_AT:DESC');
    const selection = connectionSelection(info, 'ScraperRequest');
    const belongsTo = () => sql`${sql.ref(`t.${parent}`)} = parent.id`;
    return {
      name: `scraperHistory(${JSON.stringify([parent, args, selection])})`,
      load: (parents) => listsBelow(db, parents, belongsTo, { model: scraperRequests, order, direction: 'desc', page, selection, conditions: () => [] }),
    };
  });
}
