import type { JobFilter, JobOrder, JobStatus, JobType } from '../../graphql/graphql.ts';
import { choiceParameter, choicesParameter, textParameter } from '../../searchParams.ts';

export const jobStatuses = [
  'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING', 'CANCELLED', 'SUCCEEDED', 'COMPLETED_WITH_ERRORS', 'FAILED',
] as const satisfies readonly JobStatus[];

export const jobTypes = ['IMPORT', 'DISCOVER', 'DRAFT', 'SEND', 'FOLLOW_UP'] as const satisfies readonly JobType[];

export const jobOrders = {
  NEWEST: { field: 'CREATED_AT', direction: 'DESC' },
  OLDEST: { field: 'CREATED_AT', direction: 'ASC' },
  LAST_FINISHED: { field: 'FINISHED_AT', direction: 'DESC' },
  FIRST_FINISHED: { field: 'FINISHED_AT', direction: 'ASC' },
} as const satisfies Record<string, JobOrder>;
export const jobOrderNames = Object.keys(jobOrders) as (keyof typeof jobOrders)[];

/** The states that belong together for who looks for something to do. */
export const statusGroups = {
  active: ['PENDING', 'RUNNING', 'PAUSED', 'CANCELLING'],
  withErrors: ['COMPLETED_WITH_ERRORS', 'FAILED'],
  succeeded: ['SUCCEEDED'],
  cancelled: ['CANCELLED'],
} as const satisfies Record<string, readonly JobStatus[]>;

export const dialogs = ['draft', 'discover'] as const;

/** What the address of the list of jobs holds; `start` opens the dialog that starts a job. */
export type JobsSearch = {
  status?: JobStatus[];
  type?: JobType[];
  /** days of UTC, as 2026-11-21, both included */
  from?: string;
  to?: string;
  order?: keyof typeof jobOrders;
  after?: string;
  before?: string;
  start?: (typeof dialogs)[number];
};

/** The parameters that are understood; anything else is left out. */
export function jobsSearch(search: Record<string, unknown>): JobsSearch {
  return {
    status: choicesParameter(search['status'], jobStatuses),
    type: choicesParameter(search['type'], jobTypes),
    from: dayParameter(search['from']),
    to: dayParameter(search['to']),
    order: choiceParameter(search['order'], jobOrderNames),
    after: textParameter(search['after']),
    before: textParameter(search['before']),
    start: choiceParameter(search['start'], dialogs),
  };
}

const dayMs = 86_400_000;

/** The filter of the contract that an address stands for. */
export function filterOf({ status, type, from, to }: JobsSearch): JobFilter {
  return {
    status,
    type,
    // Both bounds of the contract are exclusive.
    createdAfter: from && new Date(Date.parse(from) - 1).toISOString(),
    createdBefore: to && new Date(Date.parse(to) + dayMs).toISOString(),
  };
}

/** True when the address narrows the list to these states, in any order. */
export function isGroup(status: readonly JobStatus[] | undefined, group: readonly JobStatus[]): boolean {
  return status?.length === group.length && group.every((one) => status.includes(one));
}

function dayParameter(value: unknown): string | undefined {
  const text = textParameter(value);
  return text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}
