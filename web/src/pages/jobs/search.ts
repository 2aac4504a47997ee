import type { JobStatus, JobType } from '../../graphql/graphql.ts';
import { choicesParameter, textParameter } from '../../searchParams.ts';

export const jobStatuses = [
  'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING', 'CANCELLED', 'SUCCEEDED', 'COMPLETED_WITH_ERRORS', 'FAILED',
] as const satisfies readonly JobStatus[];

export const jobTypes = ['IMPORT', 'DISCOVER', 'DRAFT', 'SEND', 'FOLLOW_UP'] as const satisfies readonly JobType[];

/** What the address of the list of jobs holds; `start` opens the dialog that starts a job. */
type JobsSearch = { status?: JobStatus[]; type?: JobType[]; after?: string; before?: string; start?: string };

/** The parameters that are understood; anything else is left out. */
export function jobsSearch(search: Record<string, unknown>): JobsSearch {
  return {
    status: choicesParameter(search['status'], jobStatuses),
    type: choicesParameter(search['type'], jobTypes),
    after: textParameter(search['after']),
    before: textParameter(search['before']),
    start: textParameter(search['start']),
  };
}
