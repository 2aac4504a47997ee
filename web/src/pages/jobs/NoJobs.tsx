import { Link } from '@tanstack/react-router';
import { Empty } from '../../parts/Empty.tsx';

/** Nothing is listed: because of the filters, or because nothing has been done yet. */
export function NoJobs({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <Empty title="No job matches these filters">
        <p>
          <Link to="/jobs">Clear the filters</Link>
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="No job has run yet">
      <p>
        Begin with people to write to: <Link to="/prospects" search={{ start: 'import' }}>import prospects</Link> or{' '}
        <Link to="/jobs" search={{ start: 'discover' }}>
          discover them
        </Link>
        .
      </p>
    </Empty>
  );
}
