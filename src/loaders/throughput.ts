import type DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import { sql, type Kysely } from 'kysely';
import type { Loaders } from './Loaders.ts';

export interface Written {
  /** when the interval began */
  at: string;
  /** how long it was; the last one may be shorter */
  seconds: number;
  written: number;
}

/** Intervals at most. */
const most = 60;

/** Lengths of an interval in seconds that a person can read; the least that is enough, so that it seldom changes while a job runs. */
const lengths = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400];

/** Job.throughput: counted from what the job wrote and is still there, interval by interval since its start. */
export function throughputOfJob({ db, loaders }: { db: Kysely<never>; loaders: Loaders }, info: GraphQLResolveInfo): DataLoader<string, Written[]> {
  return loaders.for(info.fieldNodes, 'throughput', () => {
    const load = async (jobs: readonly string[]) => {
      const { rows } = await sql<Written & { job: string }>`
        with started as (
          select t.id, t.started_at, coalesce(t.finished_at, clock_timestamp()) as ended_at,
            greatest(extract(epoch from coalesce(t.finished_at, clock_timestamp()) - t.started_at), 0.001)::float8 as lasted
          from jobs t where t.id = any(${jobs}::uuid[]) and t.started_at is not null
        ), job as (
          select *, ceil(lasted / length)::int as intervals
          from started cross join lateral (
            select coalesce(min(length), ceil(lasted / ${most})) as length from unnest(${lengths}::float8[]) as length where length * ${most} >= lasted
          ) as fitting
        )
        select job.id as job, job.started_at + job.length * span.place * interval '1 second' as at,
          least(job.length, job.lasted - job.length * span.place) as seconds, coalesce(counted.written, 0)::int as written
        from job cross join lateral generate_series(0, job.intervals - 1) as span (place)
        left join lateral (
          select least(floor(extract(epoch from one.at - job.started_at) / job.length)::int, job.intervals - 1) as place, count(*) as written
          from (
            select created_at as at from email_drafts where job_id = job.id
            union all select created_at from social_drafts where job_id = job.id
            union all select sent_at from email_messages where job_id = job.id
            union all select sent_at from social_messages where job_id = job.id
            union all select case when created_at >= job.started_at then created_at else updated_at end from prospects where source_job_id = job.id
          ) as one
          where one.at between job.started_at and job.ended_at
          group by 1
        ) as counted on counted.place = span.place
        order by span.place`.execute(db);
      const byJob = Map.groupBy(rows, ({ job }) => job);
      return jobs.map((id) => byJob.get(id) ?? []);
    };
    return { name: 'throughput', load };
  });
}
