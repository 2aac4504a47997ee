import type { Job } from '../entities/Job.ts';
import { elsewhere, expression, properties, type ReadModel } from './readModel.ts';

const table = 'jobs';

export const jobs: ReadModel<'CREATED_AT' | 'FINISHED_AT'> = {
  type: 'Job',
  sources: [
    {
      table,
      from: 'jobs t',
      key: 't.id',
      fields: {
        ...properties<Job>(
          table,
          'status', 'sequence', 'totalTargets', 'processed', 'doneCount', 'draftsCreated', 'failedCount', 'skippedCount', 'failureReasons',
          'dryRun', 'createdBy', 'attempt', 'error', 'createdAt', 'startedAt', 'finishedAt',
        ),
        type: expression(table, 't.job_type', 'job_type'),
        cost: expression(table, 't.cost::float8', 'cost'),
        outcomes: expression(table, 't.outcome_counts', 'outcome_counts'),
        waitingFor: expression(table, `jsonb_build_object('status', t.status, 'type', t.job_type, 'channel', t.parameters ->> 'channel', 'drafter', t.parameters ->> 'drafter')`, 'status', 'job_type', 'parameters'),
        discoveryQuery: expression(table, `(t.parameters ->> 'discoveryQueryId')::uuid`, 'parameters'),
        scraperHistory: elsewhere('scraper_history.job_id'),
        retryOf: expression(table, 't.retry_of_id', 'retry_of_id'),
        throughput: elsewhere(
          'jobs.started_at', 'jobs.finished_at', 'prospects.source_job_id', 'prospects.created_at', 'prospects.updated_at',
          ...['email', 'social'].flatMap((channel) => [`${channel}_drafts.job_id`, `${channel}_drafts.created_at`, `${channel}_messages.job_id`, `${channel}_messages.sent_at`]),
        ),
        failures: elsewhere('job_targets.job_id', 'job_targets.outcome', 'job_targets.ordinal'),
      },
    },
  ],
  orderEnum: 'JobOrderField',
  orders: {
    CREATED_AT: { sql: 't.created_at', type: 'timestamptz', columns: ['created_at'] },
    FINISHED_AT: { sql: `coalesce(t.finished_at, 'infinity'::timestamptz)`, type: 'timestamptz', columns: ['finished_at'] },
  },
};
