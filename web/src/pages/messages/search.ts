import type { Channel, InboundKind, MessageFilter, MessageStatus, SuppressionKind } from '../../graphql/graphql.ts';
import { choiceParameter, choicesParameter, textParameter } from '../../searchParams.ts';

export const tabs = ['sent', 'waiting', 'decide', 'failed', 'replies', 'suppressions', 'all'] as const;
export type MessagesTab = (typeof tabs)[number];

export const tabNames: Record<MessagesTab, string> = {
  sent: 'Sent',
  waiting: 'Waiting',
  decide: 'To decide',
  failed: 'Failed and bounced',
  replies: 'Replies',
  suppressions: 'Suppressions',
  all: 'All',
};

export const channels = ['EMAIL', 'SOCIAL'] as const satisfies readonly Channel[];
export const inboundKinds = ['REPLY', 'AUTO_REPLY', 'BOUNCE', 'COMPLAINT', 'DELIVERY_REPORT', 'UNRELATED'] as const satisfies readonly InboundKind[];
export const suppressionKinds = ['EMAIL', 'DOMAIN', 'HANDLE'] as const satisfies readonly SuppressionKind[];
const everyStatus = [
  'QUEUED', 'SENDING', 'DEFERRED', 'SENT', 'REPLIED', 'BOUNCED', 'COMPLAINED', 'FAILED', 'OUTCOME_UNKNOWN', 'CANCELLED',
] as const satisfies readonly MessageStatus[];

/** The tabs that list messages. */
export type MessageListTab = Exclude<MessagesTab, 'replies' | 'suppressions'>;

/** What each list of messages is of. */
export const statusesOf: Record<MessageListTab, readonly MessageStatus[]> = {
  sent: ['SENT', 'REPLIED', 'BOUNCED', 'COMPLAINED'],
  waiting: ['QUEUED', 'SENDING', 'DEFERRED'],
  decide: ['OUTCOME_UNKNOWN'],
  failed: ['FAILED', 'BOUNCED', 'COMPLAINED'],
  all: everyStatus,
};

/** What the address of the page holds. */
export type MessagesSearch = {
  tab?: MessagesTab;
  /** text to search for; under Suppressions the address that is looked up */
  q?: string;
  channel?: Channel[];
  status?: MessageStatus[];
  /** of what came in */
  kind?: InboundKind[];
  /** of suppressions */
  of?: SuppressionKind[];
  /** only what this job sends */
  job?: string;
  /** the message, or the mail that came in, that is shown beside the list */
  open?: string;
  after?: string;
  before?: string;
  /** the place in the list of what is sent by hand */
  handAfter?: string;
  handBefore?: string;
};

/** The parameters that are understood; anything else is left out. */
export function messagesSearch(search: Record<string, unknown>): MessagesSearch {
  const tab = choiceParameter(search['tab'], tabs);
  const list = tab === 'replies' || tab === 'suppressions' ? null : (tab ?? 'sent');
  return {
    tab,
    q: textParameter(search['q']),
    channel: choicesParameter(search['channel'], channels),
    status: list === null ? undefined : choicesParameter(search['status'], statusesOf[list]),
    kind: choicesParameter(search['kind'], inboundKinds),
    of: choicesParameter(search['of'], suppressionKinds),
    job: textParameter(search['job']),
    open: textParameter(search['open']),
    after: textParameter(search['after']),
    before: textParameter(search['before']),
    handAfter: textParameter(search['handAfter']),
    handBefore: textParameter(search['handBefore']),
  };
}

/** The filter of the contract that an address stands for. */
export function filterOf(tab: MessageListTab, { q, channel, status, job }: MessagesSearch): MessageFilter {
  const all = tab === 'all' ? undefined : [...statusesOf[tab]];
  return { search: q, channel: channel?.[0], status: status ?? all, jobId: job };
}

/** Whether anything but the tab narrows what is listed. */
export function isFiltered({ q, channel, status, job, kind, of }: MessagesSearch): boolean {
  return [q, channel, status, job, kind, of].some((value) => value !== undefined);
}
