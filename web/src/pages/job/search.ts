import { textParameter } from '../../searchParams.ts';

/** What the address of a job holds: the places in its failures and in its drafts. */
type JobSearch = { failuresAfter?: string; failuresBefore?: string; draftsAfter?: string; draftsBefore?: string };

/** The parameters that are understood; anything else is left out. */
export function jobSearch(search: Record<string, unknown>): JobSearch {
  return {
    failuresAfter: textParameter(search['failuresAfter']),
    failuresBefore: textParameter(search['failuresBefore']),
    draftsAfter: textParameter(search['draftsAfter']),
    draftsBefore: textParameter(search['draftsBefore']),
  };
}
