import { Link } from '@tanstack/react-router';
import type { DiscoveryRowFragment } from '../../../graphql/graphql.ts';
import { count, plural } from '../../../parts/format.ts';

/** How many prospects a search was the first to find, leading to those that its last run found. */
export function FoundLink({ search: { prospectCount, lastJob, query } }: { search: DiscoveryRowFragment }) {
  if (!lastJob || prospectCount === 0) return <>{count(prospectCount)}</>;
  return (
    <Link to="/prospects" search={{ job: lastJob.id }} aria-label={`${plural(prospectCount, 'prospect')} found by ${query}`}>
      {count(prospectCount)}
    </Link>
  );
}
