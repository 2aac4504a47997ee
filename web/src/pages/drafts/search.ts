import type { Channel, DraftFilter, DraftOrder, DraftStatus } from '../../graphql/graphql.ts';
import { words } from '../../parts/format.ts';
import { choiceParameter, textParameter } from '../../searchParams.ts';

export const statuses = [
  'PENDING_REVIEW', 'APPROVED', 'REJECTED', 'SENT', 'GENERATING', 'FAILED', 'ALL',
] as const satisfies readonly (DraftStatus | 'ALL')[];
export const channels = ['EMAIL', 'SOCIAL'] as const satisfies readonly Channel[];
export const lints = ['WITH_PROBLEMS', 'WITHOUT_PROBLEMS'] as const;
export const kinds = ['FIRST_MESSAGE', 'FOLLOW_UP'] as const;
export const dialogs = ['send', 'follow-up'] as const;

export const orders = {
  OLDEST: { field: 'CREATED_AT', direction: 'ASC' },
  NEWEST: { field: 'CREATED_AT', direction: 'DESC' },
  LATEST_CHANGE: { field: 'UPDATED_AT', direction: 'DESC' },
} as const satisfies Record<string, DraftOrder>;
export const orderNames = Object.keys(orders) as (keyof typeof orders)[];

export type DraftTab = (typeof statuses)[number];

/** What the address of the list of drafts holds. */
export type DraftsSearch = {
  q?: string;
  /** without one: what waits for a review, or all that a job wrote or a prospect has */
  status?: DraftTab;
  channel?: Channel;
  lint?: (typeof lints)[number];
  kind?: (typeof kinds)[number];
  job?: string;
  prospect?: string;
  order?: keyof typeof orders;
  after?: string;
  before?: string;
  /** the draft beside the list */
  open?: string;
  /** the dialog that starts a job */
  start?: (typeof dialogs)[number];
};

/** The parameters that are understood; anything else is left out. */
export function draftsSearch(search: Record<string, unknown>): DraftsSearch {
  return {
    q: textParameter(search['q']),
    status: choiceParameter(search['status'], statuses),
    channel: choiceParameter(search['channel'], channels),
    lint: choiceParameter(search['lint'], lints),
    kind: choiceParameter(search['kind'], kinds),
    job: textParameter(search['job']),
    prospect: textParameter(search['prospect']),
    order: choiceParameter(search['order'], orderNames),
    after: textParameter(search['after']),
    before: textParameter(search['before']),
    open: textParameter(search['open']),
    start: choiceParameter(search['start'], dialogs),
  };
}

/** The tab that an address stands on. */
export function tabOf({ status, job, prospect }: DraftsSearch): DraftTab {
  return status ?? (job || prospect ? 'ALL' : 'PENDING_REVIEW');
}

export function nameOfTab(tab: DraftTab): string {
  return tab === 'PENDING_REVIEW' ? 'To review' : words(tab);
}

/** A queue is worked off from its beginning; of what is decided the latest decisions come first. */
export function defaultOrder(tab: DraftTab): keyof typeof orders {
  return tab === 'PENDING_REVIEW' ? 'OLDEST' : 'LATEST_CHANGE';
}

/** The filter of the contract that an address stands for, on its own tab or on another one. */
export function filterOf(search: DraftsSearch, tab: DraftTab = tabOf(search)): DraftFilter {
  const { q, lint, kind, job, prospect } = search;
  return {
    search: q,
    status: tab === 'ALL' ? undefined : [tab],
    hasProblems: lint && lint === 'WITH_PROBLEMS',
    isFollowUp: kind && kind === 'FOLLOW_UP',
    jobId: job,
    prospectId: prospect,
  };
}

/** Whether anything but the tab narrows the list. */
export function isFiltered({ q, channel, lint, kind, job, prospect }: DraftsSearch): boolean {
  return Boolean(q ?? channel ?? lint ?? kind ?? job ?? prospect);
}
