import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Empty } from '../../../parts/Empty.tsx';

/** An empty list, and the next step: other filters, or the first prospects. */
export function NoProspects({ isFiltered, clear }: { isFiltered: boolean; clear: () => void }) {
  if (!isFiltered) {
    return (
      <Empty title="There are no prospects yet">
        <p>
          <Link to="/prospects" search={{ start: 'import' }}>
            Import a file
          </Link>{' '}
          of them, search a platform for them on the page of{' '}
          <Link to="/jobs">
            jobs
          </Link>
          , or{' '}
          <Link to="/prospects" search={{ start: 'add' }}>
            add one by hand
          </Link>
          .
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="No prospect matches these filters">
      <Button size="xs" variant="default" mt="xs" onClick={clear}>
        Clear the filters
      </Button>
    </Empty>
  );
}
