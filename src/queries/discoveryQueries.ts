import type { DiscoveryQuery } from '../entities/DiscoveryQuery.ts';
import type { ScraperHistory } from '../entities/ScraperHistory.ts';
import { type FieldSource, properties, type ReadModel } from './readModel.ts';

const newestFirst = { CREATED_AT: { sql: 't.created_at', type: 'timestamptz', columns: ['created_at'] } } as const;

const prospectCount: FieldSource = {
  sql: '(select count(*)::int from prospects where discovery_query_id = t.id)',
  columns: ['prospects.discovery_query_id'],
};

const lastJob: FieldSource = {
  sql: `(select jobs.id from jobs where jobs.job_type = 'discover' and jobs.parameters ->> 'discoveryQueryId' = t.id::text order by jobs.created_at desc, jobs.id desc limit 1)`,
  columns: ['jobs.id', 'jobs.job_type', 'jobs.parameters', 'jobs.created_at'],
};

export const discoveryQueries: ReadModel<'CREATED_AT'> = {
  type: 'DiscoveryQuery',
  sources: [
    {
      table: 'discovery_queries',
      from: 'discovery_queries t',
      key: 't.id',
      fields: {
        ...properties<DiscoveryQuery>(
          'discovery_queries',
          'platform', 'query', 'searchIntent', 'targetAudience', 'location', 'language', 'minFollowers', 'filters', 'createdBy', 'createdAt',
        ),
        prospectCount,
        lastJob,
      },
    },
  ],
  orders: newestFirst,
};

export const scraperRequests: ReadModel<'CREATED_AT'> = {
  type: 'ScraperRequest',
  sources: [
    {
      table: 'scraper_history',
      from: 'scraper_history t',
      key: 't.id',
      fields: properties<ScraperHistory>('scraper_history', 'url', 'httpStatus', 'prospectsFound', 'error', 'finishedAt'),
    },
  ],
  orders: newestFirst,
};
