import type { Channel } from '../../domain/enums.ts';
import { toGlobalId } from '../../domain/globalId.ts';
import type { ChangedMessage } from './transitionMessage.ts';

/** What a webhook hears of a message: ids to ask for more by, and no personal data. */
export function eventPayload(channel: Channel, { id, prospectId, draftId, jobId, isFollowUp }: ChangedMessage): { [name: string]: unknown } {
  return {
    messageId: toGlobalId('Message', id),
    channel: channel.toUpperCase(),
    isFollowUp,
    prospectId: toGlobalId('Prospect', prospectId),
    draftId: toGlobalId('Draft', draftId),
    jobId: jobId && toGlobalId('Job', jobId),
  };
}
