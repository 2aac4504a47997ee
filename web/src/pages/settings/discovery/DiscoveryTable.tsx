import { Link } from '@tanstack/react-router';
import type { DiscoveryRowFragment } from '../../../graphql/graphql.ts';
import { words } from '../../../parts/format.ts';
import { JobStatusTone } from '../../../parts/JobStatusTone.tsx';
import parts from '../../../parts/parts.module.css';
import { Table } from '../../../parts/Table.tsx';
import { Time } from '../../../parts/Time.tsx';
import classes from './Discovery.module.css';
import { FoundLink } from './FoundLink.tsx';

type Props = { searches: readonly DiscoveryRowFragment[]; open: string | undefined };

/** One search a row: what for, where, what it found, when it was run last. */
export function DiscoveryTable({ searches, open }: Props) {
  return (
    <Table of="searches" columns={['Search', 'Platform', { head: 'Found', isNumber: true }, 'Last run']}>
      {searches.map((search) => (
        <tr key={search.id} data-row-of={search.id} data-current={open === search.id || undefined}>
          <td className={classes['query']}>
            <Link from="/settings" to="/settings" search={(old) => ({ ...old, open: search.id })} resetScroll={false} data-row={search.id}>
              <bdi>{search.query}</bdi>
            </Link>
            {search.createdBy && (
              <div className={parts['aside']}>
                by <bdi>{search.createdBy}</bdi>
              </div>
            )}
          </td>
          <td>{words(search.platform)}</td>
          <td data-number>
            <FoundLink search={search} />
          </td>
          <td>
            {search.lastJob ? (
              <>
                <Link to="/jobs/$id" params={{ id: search.lastJob.id }} aria-label={`The job that ran ${search.query} last`}>
                  <JobStatusTone status={search.lastJob.status} />
                </Link>
                <div className={parts['aside']}>
                  <Time at={search.lastJob.createdAt} />
                </div>
              </>
            ) : (
              '–'
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}
