import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { DraftStatus, PipelineStage, Platform, ReviewStatus, SourceType } from '../domain/enums.ts';
import { matches, oneOf } from './conditions.ts';

/** The contract's ProspectFilter with internal enum values and uuids; what is absent or null does not filter. */
export interface ProspectFilter {
  sourceType?: SourceType | null;
  sourcePlatform?: Platform[] | null;
  stage?: PipelineStage[] | null;
  reviewStatus?: ReviewStatus[] | null;
  draftStatus?: DraftStatus[] | null;
  hasEmail?: boolean | null;
  tag?: string | null;
  /** all of them */
  tags?: string[] | null;
  /** uuid of the import or discovery that created or last updated it */
  jobId?: string | null;
  reviewBatch?: string | null;
  createdAfter?: Date | null;
  createdBefore?: Date | null;
  minFollowers?: number | null;
  search?: string | null;
}

/**
 * One SQL condition for each field of the filter, to be joined by AND; each is written so that its index serves it.
 * `table` is the name or alias that the statement gives to prospects.
 */
export function prospectConditions(filter: ProspectFilter, table = 'prospects'): RawBuilder<SqlBool>[] {
  const column = (name: string) => sql.ref(`${table}.${name}`);
  const conditions: RawBuilder<SqlBool>[] = [];
  const add = (condition: RawBuilder<SqlBool>) => conditions.push(condition);
  if (filter.sourceType) add(oneOf(column('source_type'), 'source_type', [filter.sourceType]));
  if (filter.sourcePlatform) add(oneOf(column('source_platform'), 'platform', filter.sourcePlatform));
  if (filter.stage) add(oneOf(column('stage'), 'pipeline_stage', filter.stage));
  if (filter.reviewStatus) add(oneOf(column('review_status'), 'review_status', filter.reviewStatus));
  if (filter.draftStatus) add(oneOf(column('draft_status'), 'draft_status', filter.draftStatus));
  if (filter.hasEmail === true) add(sql`${column('email')} is not null`);
  if (filter.hasEmail === false) add(sql`${column('email')} is null`);
  const tags = [...(filter.tags ?? []), ...(filter.tag ? [filter.tag] : [])];
  if (tags.length > 0) add(sql`${column('tags')} @> ${tags}::text[]`);
  if (filter.jobId) add(sql`${column('source_job_id')} = ${filter.jobId}::uuid`);
  if (filter.reviewBatch) add(sql`${column('review_batch')} = ${filter.reviewBatch}::uuid`);
  if (filter.createdAfter) add(sql`${column('created_at')} > ${filter.createdAfter}`);
  if (filter.createdBefore) add(sql`${column('created_at')} < ${filter.createdBefore}`);
  if (filter.minFollowers != null) add(sql`coalesce(${column('follower_count')}, -1) >= ${filter.minFollowers}`);
  if (filter.search?.trim()) add(matches(column('search'), filter.search));
  return conditions;
}
