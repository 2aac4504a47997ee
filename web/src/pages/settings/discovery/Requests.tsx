import type { DiscoveryDetailQuery } from '../../../graphql/graphql.ts';
import { Empty } from '../../../parts/Empty.tsx';
import { count } from '../../../parts/format.ts';
import parts from '../../../parts/parts.module.css';
import { Scroll } from '../../../parts/Scroll.tsx';
import { Time } from '../../../parts/Time.tsx';
import classes from './Discovery.module.css';

type Search = Extract<NonNullable<DiscoveryDetailQuery['node']>, { __typename: 'DiscoveryQuery' }>;

/** What was fetched for a search, newest first, and what each brought. */
export function Requests({ requests }: { requests: NonNullable<Search['history']>['nodes'] }) {
  if (requests.length === 0) return <Empty title="Nothing was asked yet" />;
  return (
    <Scroll label="Table of requests">
      <table className={parts['table']}>
        <thead>
          <tr>
            <th scope="col">Address</th>
            <th scope="col" data-number>
              Found
            </th>
            <th scope="col">Ended</th>
          </tr>
        </thead>
        <tbody>
          {requests.map(({ id, url, httpStatus, error, prospectsFound, finishedAt }) => (
            <tr key={id}>
              <td className={classes['url']}>
                {url}
                <div className={error ? classes['failed'] : parts['aside']}>{error ?? (httpStatus === null ? 'On its way' : `HTTP ${httpStatus}`)}</div>
              </td>
              <td data-number>{count(prospectsFound)}</td>
              <td>
                <Time at={finishedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
