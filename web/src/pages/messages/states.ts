import type { MessageResolution, MessageRowFragment, MessageStatus } from '../../graphql/graphql.ts';
import { words } from '../../parts/format.ts';
import type { ToneName } from '../../parts/Tone.tsx';

type State = { tone: ToneName; label: string; what: string; next?: string };

/** What each state means: at a glance, in one sentence, and what there is to do. */
export const states: Record<MessageStatus, State> = {
  QUEUED: { tone: 'quiet', label: 'Queued', what: 'It waits to be sent.' },
  SENDING: { tone: 'good', label: 'Sending', what: 'It is being sent at this moment.' },
  DEFERRED: { tone: 'warn', label: 'Deferred', what: 'It could not be sent for now and is tried again by itself.' },
  SENT: { tone: 'good', label: 'Sent', what: 'The other side has taken it.' },
  REPLIED: { tone: 'good', label: 'Replied', what: 'It was answered. Nothing more is sent to them by itself: answer in person.' },
  BOUNCED: {
    tone: 'bad',
    label: 'Bounced',
    what: 'It left and came back.',
    next: 'Correct the address of the prospect. An address that does not exist is not written to again.',
  },
  COMPLAINED: {
    tone: 'bad',
    label: 'Complained',
    what: 'The recipient marked it as spam. The address is suppressed and never written to again.',
    next: 'Nothing is left to do here. Several of these mean that the wrong people are written to.',
  },
  FAILED: {
    tone: 'bad',
    label: 'Failed',
    what: 'It was not sent.',
    next: 'Mend what the error says, then retry the failures in its job. The draft stays approved.',
  },
  OUTCOME_UNKNOWN: {
    tone: 'warn',
    label: 'Outcome unknown',
    what: 'The message was handed over and the connection broke before an answer came: it may have arrived, so it is never sent again by itself.',
    next: 'Look into the mailbox or at the profile, then say what became of it.',
  },
  CANCELLED: { tone: 'quiet', label: 'Cancelled', what: 'It was given up before it was sent.' },
};

/** What a person can say became of a message, and what follows from that. */
export const resolutions: Record<MessageResolution, { label: string; done: string; follows: string }> = {
  SENT: { label: 'Sent', done: 'marked as sent', follows: 'It counts as sent; a follow-up may come in its time.' },
  NOT_SENT: {
    label: 'Not sent',
    done: 'marked as not sent',
    follows: 'It counts as failed. Its draft stays approved, so that it can be sent again: if it did arrive, the recipient gets it twice.',
  },
  REPLIED: {
    label: 'Replied',
    done: 'marked as replied',
    follows: 'Whatever else waits for the prospect is cancelled, on both channels, and no follow-up is sent.',
  },
};

/** What may be said of a message in this state, and by its channel. */
export function resolutionsOf({ status, channel }: Pick<MessageRowFragment, 'status' | 'channel'>): readonly MessageResolution[] {
  if (status === 'OUTCOME_UNKNOWN') return ['SENT', 'NOT_SENT', 'REPLIED'];
  if (status === 'SENT') return ['REPLIED'];
  return status === 'QUEUED' && channel === 'SOCIAL' ? ['SENT'] : [];
}

/** Whether it can still be given up. */
export function mayCancel({ status }: Pick<MessageRowFragment, 'status'>): boolean {
  return status === 'QUEUED' || status === 'DEFERRED';
}

/** Whom a message is for, as a person would say. */
export function nameOf({ prospect, socialProfile, recipient }: Pick<MessageRowFragment, 'prospect' | 'socialProfile' | 'recipient'>): string {
  return prospect?.displayName || socialProfile?.displayName || socialProfile?.username || recipient || 'somebody who was erased';
}

/** Its subject, or how it begins where it has none. */
export function titleOf({ subject, body }: Pick<MessageRowFragment, 'subject' | 'body'>): string {
  return subject || body.slice(0, 300).replace(/\s+/g, ' ').trim() || 'The text was erased';
}

/** "E-mail", "GitHub". */
export function wayOf({ channel, socialProfile }: Pick<MessageRowFragment, 'channel' | 'socialProfile'>): string {
  return channel === 'EMAIL' ? 'E-mail' : words(socialProfile?.platform ?? channel);
}
