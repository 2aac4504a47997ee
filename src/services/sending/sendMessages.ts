import { sql, type Kysely, type RawBuilder } from 'kysely';
import { Channel, type DraftStatus, JobType } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors, type UserError } from '../../domain/errors.ts';
import { toGlobalId } from '../../domain/globalId.ts';
import { draftTransitions } from '../../domain/transitions.ts';
import { sendTask } from '../../queue/sendTask.ts';
import { announceWork } from '../announceWork.ts';
import { enqueueIn } from '../enqueueIn.ts';
import { once } from '../idempotency.ts';
import { inTransaction } from '../inTransaction.ts';
import { insertJob } from '../insertJob.ts';
import type { JobContext } from '../jobContext.ts';
import { holdSuppressions } from '../suppression/holdSuppressions.ts';
import { draftSource, hasMessage, notApproved, obstacleOf, obstacles, type Obstacle } from './obstacles.ts';
import { queueDrafts } from './queueDrafts.ts';
import { readSuppressedRecipients } from './readSuppressedRecipients.ts';
import { checkSender } from './email/checkSender.ts';
import { requireConfigured, type MailConfiguration } from './requireConfigured.ts';

export interface SendMessages {
  channel?: Channel;
  /** uuids, 1,000 at most; when absent, every approved draft of the channel */
  draftIds?: readonly string[] | null;
  /** required without `draftIds`: how many approved drafts there are, or how many of them `limit` leaves */
  expectedCount?: number | null;
  /** uuid: only drafts that this job wrote */
  jobId?: string | null;
  /** only so many, the oldest first */
  limit?: number | null;
  idempotencyKey?: string | null;
}

/**
 * Queues a message for each approved draft: the job, its messages and chunks, their activities and the queue's message in
 * one transaction. Nothing leaves here. Drafts that are named must all be fit to be sent, and all that are not are told at
 * once; of drafts that a filter selects the unfit ones are skipped targets of the job, each with its reason.
 * @returns the id of the job, of the earlier one when the idempotencyKey was used before; and what may keep mails from arriving
 * @throws {UserErrors} NOT_CONFIGURED, INVALID, NOT_FOUND, ILLEGAL_TRANSITION, SUPPRESSED, STALE, CONFLICT
 */
export async function sendMessages(context: JobContext, input: SendMessages): Promise<{ jobId: string; warnings: string[] }> {
  const { em, actor, queue, events, outreach } = context;
  const { idempotencyKey, channel = Channel.EMAIL, ...selection } = input;
  const configuration = channel === Channel.EMAIL ? requireConfigured(outreach) : null;
  checkSelection(selection);
  const warnings = configuration ? await warningsOf(em.getKysely(), configuration) : [];
  const { jobId, started } = await inTransaction(em, async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    const request = { caller: actor.name, mutation: 'sendMessages', key: idempotencyKey, input: { channel, ...selection } };
    return once(db, request, async (id) => {
      await holdSuppressions(db);
      await insertJob(db, { id, jobType: JobType.SEND, createdBy: actor.name, parameters: { channel } });
      const draftIds = await select(db, channel, selection);
      if (selection.draftIds) {
        const suppressed = await readSuppressedRecipients(db, outreach, channel, draftIds);
        await checkNamed(db, channel, selection.draftIds, suppressed);
      }
      await queueDrafts(db, { channel, jobId: id, actor: actor.name, outreach }, draftIds);
      await enqueueIn(tx, queue, sendTask, { jobId: id });
    });
  });
  if (started) {
    announceWork(events, jobId, 1);
  }
  return { jobId, warnings };
}

/** What is wrong with the sender as mailbox providers see it; no reason not to send. */
async function warningsOf(db: Kysely<any>, outreach: MailConfiguration): Promise<string[]> {
  const records = await checkSender(db, outreach);
  const ofLinks = outreach.publicUrl.startsWith('https:') ? [] : ['PUBLIC_URL is not https: mailbox providers offer no one-click unsubscribing for such links.'];
  return [...records.flatMap(({ kind, problem }) => (problem === null ? [] : [`${kind}: ${problem}`])), ...ofLinks];
}

type Selection = Pick<SendMessages, 'draftIds' | 'expectedCount' | 'jobId' | 'limit'>;

function checkSelection({ draftIds, expectedCount, jobId, limit }: Selection): void {
  const invalid = (message: string, field: string) => new UserErrors({ code: UserErrorCode.INVALID, message, field: ['input', field] });
  if (draftIds) {
    if (draftIds.length === 0 || draftIds.length > 1_000) throw invalid('Name 1 to 1,000 drafts, or leave draftIds out to send more.', 'draftIds');
    if (jobId != null) throw invalid('Give draftIds or jobId, not both.', 'jobId');
    if (limit != null) throw invalid('Give draftIds or limit, not both.', 'limit');
  } else if (expectedCount == null) {
    throw invalid('Without draftIds give expectedCount, the number of approved drafts that you saw.', 'expectedCount');
  }
  if (limit != null && limit < 1) throw invalid('A limit is at least 1.', 'limit');
}

/** uuids in the order in which they shall leave; the count is of the very drafts that become targets. @throws {UserErrors} STALE */
async function select(db: Kysely<any>, channel: Channel, { draftIds, expectedCount, jobId, limit }: Selection): Promise<string[]> {
  const found = draftIds ? [...new Set(draftIds)] : await readApproved(db, channel, jobId ? sql`d.job_id = ${jobId}::uuid` : sql`true`);
  const chosen = limit == null ? found : found.slice(0, limit);
  if (expectedCount != null && expectedCount !== found.length && expectedCount !== chosen.length) {
    throw new UserErrors({
      code: UserErrorCode.STALE,
      message: `${found.length} approved drafts are selected now, not ${expectedCount}: look again, then send.`,
      field: ['input', 'expectedCount'],
    });
  }
  return chosen;
}

async function readApproved(db: Kysely<any>, channel: Channel, condition: RawBuilder<unknown>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select d.id from ${draftSource[channel]} where d.status = 'approved' and ${condition} order by d.created_at, d.id`.execute(db);
  return rows.map(({ id }) => id);
}

/** @throws {UserErrors} each with its place in the input, 20 at most */
async function checkNamed(db: Kysely<any>, channel: Channel, draftIds: readonly string[], suppressed: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string; status: Exclude<DraftStatus, DraftStatus.NONE>; obstacle: Obstacle | null }>`
    select d.id, d.status, coalesce(
      case when ${hasMessage(channel)} then 'ALREADY_QUEUED' end, ${obstacleOf(channel, suppressed)}
    ) as obstacle
    from ${draftSource[channel]} where d.id = any(${draftIds}::uuid[])`.execute(db);
  const found = new Map(rows.map((row) => [row.id, row]));
  const errors = draftIds.flatMap((id, index): UserError[] => {
    const place = { field: ['input', 'draftIds', String(index)], target: toGlobalId('Draft', id) };
    const draft = found.get(id);
    if (!draft) return [{ code: UserErrorCode.NOT_FOUND, message: `There is no such draft on the channel ${channel.toUpperCase()}.`, ...place }];
    if (draft.obstacle === null) return [];
    if (draft.obstacle !== 'NOT_APPROVED') return [{ ...obstacles[draft.obstacle], ...place }];
    const allowed = draftTransitions[draft.status].map((status) => status.toUpperCase());
    return [{ ...obstacles.NOT_APPROVED, message: notApproved(draft.status, allowed), allowed, ...place }];
  });
  if (errors.length > 0) throw new UserErrors(...errors.slice(0, 20));
}
