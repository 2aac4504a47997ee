import { sql, type Kysely } from 'kysely';
import type { Outreach } from '../../config/outreach.ts';
import { Channel, JobType } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { toGlobalId } from '../../domain/globalId.ts';
import { insertJob } from '../insertJob.ts';
import { messageTables } from '../messages/messageTables.ts';
import { holdSuppressions } from '../suppression/holdSuppressions.ts';
import { queueDrafts } from './queueDrafts.ts';
import { requireConfigured } from './requireConfigured.ts';

export interface RetriedSend {
  /** of the new job */
  id: string;
  createdBy: string;
  outreach: Outreach;
  parameters: { channel: Channel };
  /** the finished job */
  retryOf: { id: string; attempt: number };
  codes: readonly string[] | null;
}

/**
 * The job that sends the failed messages of another one again, as new messages of the same drafts, inside the caller's
 * transaction. A message whose outcome is unknown may have arrived: it is never among them before a person has decided.
 * @returns how many failures there are; without one nothing is written
 * @throws {UserErrors} NOT_CONFIGURED, CONFLICT when nobody knows whether any of them has failed
 */
export async function retrySend(db: Kysely<any>, { id, createdBy, outreach, parameters, retryOf, codes }: RetriedSend): Promise<number> {
  const { channel } = parameters;
  if (channel === Channel.EMAIL) requireConfigured(outreach);
  await holdSuppressions(db);
  const { rows } = await sql<{ draftId: string; isUnknown: boolean }>`
    select message.draft_id as "draftId", message.status = 'outcome_unknown' as "isUnknown"
    from ${sql.table(messageTables[channel].messages)} as message
      join job_targets as target on target.job_id = message.job_id and target.ordinal = message.chunk
    where message.job_id = ${retryOf.id}::uuid and message.status in ('failed', 'outcome_unknown') and target.outcome = 'failed'
      ${codes ? sql`and target.code = any(${codes}::text[])` : sql``}
    order by message.chunk`.execute(db);
  const failed = rows.filter(({ isUnknown }) => !isUnknown).map(({ draftId }) => draftId);
  if (failed.length === 0) {
    if (rows.length > 0) throw undecided(retryOf.id);
    return 0;
  }
  await insertJob(db, { id, jobType: JobType.SEND, createdBy, parameters, retryOf });
  await queueDrafts(db, { channel, jobId: id, actor: createdBy, outreach }, failed);
  return failed.length;
}

function undecided(jobId: string): UserErrors {
  return new UserErrors({
    code: UserErrorCode.CONFLICT,
    message: 'The messages that are left may have arrived: find out, and say so with resolveMessage first.',
    field: ['input', 'id'],
    target: toGlobalId('Job', jobId),
  });
}
