import { useAnswer } from '../../api/useAnswer.ts';
import { JobsDocument } from '../../graphql/graphql.ts';
import { isFinished } from '../../parts/JobStatusTone.tsx';
import { pageArguments } from '../../parts/Paging.tsx';
import { useRefresh } from '../../parts/useRefresh.ts';
import { filterOf, jobOrders, type JobsSearch, statusGroups } from './search.ts';

const pageSize = 25;

/** The jobs that an address stands for, how many there are in each state, and whether anybody works on them. */
export function useJobs(search: JobsSearch) {
  const { after, before, order = 'NEWEST' } = search;
  const filter = filterOf(search);
  const answer = useAnswer(
    JobsDocument,
    {
      ...pageArguments({ after, before }, pageSize),
      filter,
      orderBy: jobOrders[order],
      every: { ...filter, status: undefined },
      active: { ...filter, status: [...statusGroups.active] },
      withErrors: { ...filter, status: [...statusGroups.withErrors] },
      succeeded: { ...filter, status: [...statusGroups.succeeded] },
      cancelled: { ...filter, status: [...statusGroups.cancelled] },
    },
    ({ jobs, ...rest }) => jobs && { jobs, ...rest },
  );
  const waiting = answer.value?.jobs.nodes.some((job) => !isFinished(job.status) && job.type !== 'IMPORT') ?? false;
  useRefresh(waiting, 5_000, answer.again);
  return { answer, waiting };
}
