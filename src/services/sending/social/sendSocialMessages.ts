import { sql, type Kysely } from 'kysely';
import { Channel, type Platform } from '../../../domain/enums.ts';
import { toGlobalId } from '../../../domain/globalId.ts';
import type { WorkerContext } from '../../workerContext.ts';
import type { ClaimedMessage } from '../claimMessage.ts';
import { sendThrough } from '../sendThrough.ts';
import { leaveToHands } from './leaveToHands.ts';
import { postMessage, type SocialPost } from './postMessage.ts';

/** Sends the social messages of a job that may leave now to the webhook; without one they wait for a person who sends them. */
export async function sendSocialMessages(context: WorkerContext, jobId: string): Promise<boolean> {
  const webhook = context.outreach.socialWebhook;
  if (!webhook) return leaveToHands(context, jobId);
  return sendThrough(context, jobId, {
    channel: Channel.SOCIAL,
    // Its cap and gap are the receiver's; paths of webhooks are often secrets.
    address: new URL(webhook.url).host,
    deliver: async (message, handOver, stopping) => postMessage({ webhook, post: await readPost(context, message), handOver, stopping }),
  });
}

async function readPost({ em }: WorkerContext, { id, prospectId, recipient, body, isFollowUp }: ClaimedMessage): Promise<SocialPost> {
  const { rows } = await sql<{ platform: Platform; username: string; displayName: string | null }>`
    select s.platform, s.username, s.display_name as "displayName"
    from social_messages as m join social_profiles as s on s.id = m.social_profile_id where m.id = ${id}::uuid`.execute(em().getKysely() as Kysely<any>);
  const { platform, username, displayName } = rows[0]!;
  return {
    id: toGlobalId('Message', id), type: 'message.send', platform: platform.toUpperCase(), username, displayName,
    profileUrl: recipient, body, isFollowUp, prospectId: toGlobalId('Prospect', prospectId),
  };
}
