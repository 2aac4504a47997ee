import type { DiscoveryDetailQuery } from '../../../graphql/graphql.ts';
import { Empty } from '../../../parts/Empty.tsx';
import { count } from '../../../parts/format.ts';
import parts from '../../../parts/parts.module.css';
import { Table } from '../../../parts/Table.tsx';
import { Time } from '../../../parts/Time.tsx';
import classes from './Discovery.module.css';

type Search = Extract<NonNullable<DiscoveryDetailQuery['node']>, { __typename: 'DiscoveryQuery' }>;

/** What was fetched for a search, newest first, and what each brought. */
export function Requests({ requests }: { requests: NonNullable<Search['history']>['nodes'] }) {
  if (requests.length === 0) return <Empty title="Nothing was asked yet" />;
  return (
    <Table of="requests" columns={['Address', { head: 'Found', isNumber: true }, 'Ended']}>
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
    </Table>
  );
}
