import { textParameter } from '../../searchParams.ts';

/** What the address of a job holds: the reason that its failures are narrowed to, and the places in its lists. */
export type JobSearch = {
  code?: string;
  failuresAfter?: string;
  failuresBefore?: string;
  /** in what it wrote: drafts or messages */
  after?: string;
  before?: string;
  requestsAfter?: string;
  requestsBefore?: string;
};

/** The parameters that are understood; anything else is left out. */
export function jobSearch(search: Record<string, unknown>): JobSearch {
  return {
    code: textParameter(search['code']),
    failuresAfter: textParameter(search['failuresAfter']),
    failuresBefore: textParameter(search['failuresBefore']),
    after: textParameter(search['after']),
    before: textParameter(search['before']),
    requestsAfter: textParameter(search['requestsAfter']),
    requestsBefore: textParameter(search['requestsBefore']),
  };
}
