import type { WaitingReason } from '../../graphql/graphql.ts';

/** What holds messages, and what there is to do about it. */
export const reasonTexts: Record<WaitingReason, { label: string; next: string; settings?: boolean }> = {
  WINDOW: { label: 'Sending window', next: 'They leave by themselves when it opens.', settings: true },
  DAILY_CAP: { label: 'Daily cap', next: 'They leave by themselves on the next days, as many as the cap allows.', settings: true },
  GAP: { label: 'Gap between messages', next: 'They leave one after the other; there is nothing to do.', settings: true },
  SUPPRESSION: { label: 'Suppression', next: 'Cancel them: the recipient must not be contacted.' },
  CONFIGURATION: { label: 'Configuration', next: 'Give the worker what it lacks and start it again.' },
  BY_HAND: { label: 'To be sent by hand', next: 'Send them yourself, under To decide.' },
  OTHER_SIDE: { label: 'The other side', next: 'They are tried again by themselves, less and less often.' },
  NONE: { label: 'Nothing holds them', next: 'A worker takes them next.' },
};

/** Whether only a person can send it, by what the server says of it. */
export function isByHand({ blockedBy }: { blockedBy: string | null }): boolean {
  return blockedBy !== null && /^to be sent by hand/i.test(blockedBy);
}
