import { Button } from '@mantine/core';
import type { PageEndsFragment } from '../graphql/graphql.ts';
import classes from './parts.module.css';

/** A place in a keyset-paged list: after or before a cursor, or neither at its start. */
export type Place = { after?: string | undefined; before?: string | undefined };

/** The arguments of a connection for a place. */
export function pageArguments({ after, before }: Place, size: number) {
  return before ? { last: size, before } : { first: size, after };
}

/** Back and forward through a list, by cursor. */
export function Paging({ what, page, place, go }: { what: string; page: PageEndsFragment; place: Place; go: (place: Place) => void }) {
  if (!page.hasNextPage && !page.hasPreviousPage && !place.after && !place.before) return null;
  return (
    <nav className={classes['paging']} aria-label={`Pages of ${what}`}>
      {(place.after || place.before) && (
        <Button size="xs" variant="subtle" color="gray" onClick={() => go({})}>
          First
        </Button>
      )}
      <Button size="xs" variant="default" disabled={!page.hasPreviousPage} onClick={() => go({ before: page.startCursor ?? undefined })}>
        Previous
      </Button>
      <Button size="xs" variant="default" disabled={!page.hasNextPage} onClick={() => go({ after: page.endCursor ?? undefined })}>
        Next
      </Button>
    </nav>
  );
}
