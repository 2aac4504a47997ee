import { sql, type Kysely } from 'kysely';
import { Channel } from '../../../domain/enums.ts';
import { composeMail, ComposeError } from '../../../mail/composeMail.ts';
import { deliverMail } from '../../../mail/deliverMail.ts';
import { addressOf } from '../../../mail/mailFrom.ts';
import type { WorkerContext } from '../../workerContext.ts';
import type { ClaimedMessage } from '../claimMessage.ts';
import { checkSender } from './checkSender.ts';
import { missingForMail, type MailConfiguration } from '../requireConfigured.ts';
import { sendThrough } from '../sendThrough.ts';
import { tellHold } from '../tellHold.ts';

/** Earlier mails that a follow-up refers to, at most. */
const threadLength = 10;

/** Sends the mails of a job that may leave now. A worker that lacks a setting says which one. */
export async function sendEmails(context: WorkerContext, jobId: string): Promise<boolean> {
  const missing = missingForMail(context.outreach);
  if (missing.length > 0) {
    const reason = `Configuration: the worker lacks ${missing.join(', ')}.`;
    await tellHold(context.em().getKysely(), Channel.EMAIL, jobId, { kind: 'configuration', reason, until: null });
    return false;
  }
  const outreach = context.outreach as MailConfiguration;
  await checkSender(context.em().getKysely(), outreach);
  return sendThrough(context, jobId, {
    channel: Channel.EMAIL,
    address: addressOf(outreach.mailFrom),
    deliver: async (message, handOver, stopping) => {
      const raw = await compose(context, outreach, message);
      if (!Buffer.isBuffer(raw)) return { outcome: 'unavailable', response: raw.message };
      return deliverMail({ smtpUrl: outreach.smtpUrl, from: addressOf(outreach.mailFrom), to: message.recipient, raw, handOver, stopping });
    },
  });
}

/** The mail, or why this configuration makes none. */
async function compose({ em }: WorkerContext, outreach: MailConfiguration, message: ClaimedMessage): Promise<Buffer | ComposeError> {
  const { id, recipient, body } = message;
  const earlier = message.isFollowUp ? await readEarlier(em().getKysely(), message) : [];
  try {
    return await composeMail(outreach, { id, recipient, body, earlier, subject: message.subject ?? '', messageId: message.messageId! });
  } catch (error) {
    if (error instanceof ComposeError) return error;
    throw error;
  }
}

/** Message-IDs of what the prospect was sent before, the oldest first. */
async function readEarlier(db: Kysely<any>, { id, prospectId }: ClaimedMessage): Promise<string[]> {
  const { rows } = await sql<{ messageId: string }>`
    select message_id as "messageId" from email_messages
    where prospect_id = ${prospectId}::uuid and id <> ${id}::uuid and sent_at is not null
    order by sent_at desc, id desc limit ${threadLength}`.execute(db);
  return rows.map(({ messageId }) => messageId).toReversed();
}
