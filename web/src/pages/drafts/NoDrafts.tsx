import { Link } from '@tanstack/react-router';
import { Empty } from '../../parts/Empty.tsx';
import { plural } from '../../parts/format.ts';
import { type DraftsSearch, isFiltered, tabOf } from './search.ts';

/** An empty list, and where drafts come from or go to. */
export function NoDrafts({ search, approved }: { search: DraftsSearch; approved: number | null }) {
  const tab = tabOf(search);
  if (isFiltered(search)) {
    return (
      <Empty title="No draft matches these filters">
        <p>
          <Link to="/drafts" search={{ status: tab }}>
            Clear the filters
          </Link>
        </p>
      </Empty>
    );
  }
  if (tab === 'PENDING_REVIEW') {
    return (
      <Empty title="No draft waits for a review">
        {approved ? (
          <p>
            <Link from="/drafts" to="/drafts" search={(old) => ({ ...old, start: 'send' })}>
              Send {plural(approved, 'approved draft')}
            </Link>
            , or <StartJob />.
          </p>
        ) : (
          <p>
            <Link to="/prospects">Approve prospects</Link>, then <StartJob />.
          </p>
        )}
      </Empty>
    );
  }
  if (tab === 'ALL') {
    return (
      <Empty title="No draft has been written yet">
        <p>
          <Link to="/prospects">Approve prospects</Link>, then <StartJob />.
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="No draft is in this state">
      <p>
        <Link to="/drafts" search={{ status: 'ALL' }}>
          See all drafts
        </Link>
      </p>
    </Empty>
  );
}

function StartJob() {
  return (
    <Link to="/jobs" search={{ start: 'draft' }}>
      start a draft job
    </Link>
  );
}
