import { getRouteApi } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { JobFailuresDocument, type JobFailuresQuery } from '../../graphql/graphql.ts';
import { Failure } from '../../parts/Failure.tsx';
import { count, plural } from '../../parts/format.ts';
import { Loading } from '../../parts/Loading.tsx';
import { Panel } from '../../parts/Page.tsx';
import { pageArguments, Paging } from '../../parts/Paging.tsx';
import classes from '../../parts/parts.module.css';
import { Scroll } from '../../parts/Scroll.tsx';
import { useRefreshUntil } from '../../parts/useRefresh.ts';

const route = getRouteApi('/jobs/$id');

type JobFailure = NonNullable<NonNullable<JobFailuresQuery['job']>['failures']>['nodes'][number];

/** What went wrong, target by target; read again when the job has settled. */
export function JobFailures({ id, settled }: { id: string; settled: boolean }) {
  const { failuresAfter: after, failuresBefore: before } = route.useSearch();
  const navigate = route.useNavigate();
  const [{ data, error }, again] = useQuery({ query: JobFailuresDocument, variables: { id, ...pageArguments({ after, before }, 20) } });
  const failures = data?.job?.failures;

  const refresh = () => again({ requestPolicy: 'network-only' });
  useRefreshUntil(settled, 3_000, refresh);

  return (
    <Panel title="Failures" aside={settled && failures?.totalCount != null && plural(failures.totalCount, 'target')}>
      {error && <Failure title="The list of failures could not be read" error={error} retry={refresh} />}
      {!data && !error && <Loading what="failures" />}
      {failures && (
        <Scroll label="Table of failures">
          <table className={classes['table']}>
            <thead>
              <tr>
                <th scope="col">Target</th>
                <th scope="col">Reason</th>
                <th scope="col" data-number>
                  Attempts
                </th>
              </tr>
            </thead>
            <tbody>
              {failures.nodes.map((failure) => (
                <tr key={failure.id}>
                  <td>{targetName(failure)}</td>
                  <td>
                    {failure.message} <span className={classes['mono']}>{failure.code}</span>
                    {failure.value !== null && <div className={classes['mono']}>{failure.value}</div>}
                  </td>
                  <td data-number>{count(failure.attempts)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {failures && (
        <Paging
          what="failures"
          page={failures.pageInfo}
          place={{ after, before }}
          go={(place) => void navigate({ search: (old) => ({ ...old, failuresAfter: place.after, failuresBefore: place.before }), resetScroll: false })}
        />
      )}
    </Panel>
  );
}

function targetName({ target, line, column }: JobFailure): string {
  if (target && 'displayName' in target) return target.displayName;
  if (target && 'username' in target) return target.username;
  if (line !== null) return column ? `Line ${count(line)}, ${column}` : `Line ${count(line)}`;
  return '–';
}
