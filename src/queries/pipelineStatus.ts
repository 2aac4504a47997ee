import { sql, type Kysely } from 'kysely';
import { PipelineStage, type SourceType } from '../domain/enums.ts';
import { OutriderError } from '../domain/errors.ts';

export interface PipelineStatus {
  sourceType: SourceType | null;
  total: number;
  stages: { stage: PipelineStage; count: number }[];
  activeJobs: number;
  countedAt: Date | string;
}

/** The funnel in one statement, counted in the entries of prospects_pipeline alone; a stage without prospects counts 0. */
export async function pipelineStatus(db: Kysely<never>, sourceType: SourceType | null): Promise<PipelineStatus> {
  const condition = sourceType === null ? sql`` : sql`where source_type = ${sourceType}::source_type`;
  const { rows } = await sql<{ stages: Record<string, number>; active: number; at: string }>`
    select
      (select coalesce(jsonb_object_agg(stage, count), '{}') from (
        select stage, count(*) as count from prospects ${condition} group by stage) counted) as stages,
      (select count(*)::int from jobs where status in ('pending', 'running', 'paused', 'cancelling')) as active,
      now()::timestamptz(3) as at`.execute(db);
  const { stages, active, at } = rows[0]!;
  const unknown = Object.keys(stages).filter((stage) => !(Object.values(PipelineStage) as string[]).includes(stage));
  if (unknown.length > 0) throw new OutriderError('DATA_INTEGRITY', `Prospects are in stages that this version does not know: ${unknown.join(', ')}.`);
  const counts = Object.values(PipelineStage).map((stage) => ({ stage, count: stages[stage] ?? 0 }));
  return {
    sourceType,
    total: counts.reduce((sum, { count }) => sum + count, 0),
    stages: counts,
    activeJobs: active,
    countedAt: at,
  };
}
