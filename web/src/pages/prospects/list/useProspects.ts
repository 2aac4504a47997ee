import { useEffect, useMemo, useRef, useState } from 'react';
import type { CombinedError } from 'urql';
import { connection } from '../../../api/socket.ts';
import { useStore } from '../../../api/store.ts';
import { type Answer, useAnswer } from '../../../api/useAnswer.ts';
import { type PageEndsFragment, type ProspectRowFragment, ProspectsDocument } from '../../../graphql/graphql.ts';
import { pageArguments } from '../../../parts/Paging.tsx';
import { useRefresh } from '../../../parts/useRefresh.ts';
import { filterOf } from '../filters/filter.ts';
import { orders, type ProspectsSearch } from '../search.ts';
import { mostInOneAnswer, useFurtherPages } from './useFurtherPages.ts';

/** What a page of the list shows. */
export interface ProspectList {
  rows: readonly ProspectRowFragment[];
  /** everything that the filters match; null when it could not be counted */
  total: number | null;
  ends: PageEndsFragment;
  /** how many rows this page will have, while they are still being read */
  wanted: number | null;
  /** why it stops short */
  stopped: CombinedError | undefined;
}

const refreshMs = { short: 15_000, long: 60_000 };

/** The list that the address describes, however many rows of it are wanted; it keeps itself current. */
export function useProspects(search: ProspectsSearch): Answer<ProspectList> {
  const size = Number(search.rows ?? 50);
  const [round, setRound] = useState(0);
  const filter = filterOf(search);
  const selection = { filter, orderBy: orders[search.order ?? 'NEWEST'] };
  const place = { after: search.after, before: search.before };
  const first = useAnswer(ProspectsDocument, { ...pageArguments(place, Math.min(size, mostInOneAnswer)), ...selection }, (data) => data.prospects);
  const further = useFurtherPages({
    key: JSON.stringify([selection, place, size]),
    first: first.value,
    size,
    backwards: search.before !== undefined,
    round,
    selection,
  });
  const again = () => {
    first.again();
    setRound((before) => before + 1);
  };
  useRefresh(true, size > mostInOneAnswer ? refreshMs.long : refreshMs.short, first.again);
  useGatherAfterReconnect(() => setRound((before) => before + 1));
  const value = useMemo(
    () => first.value && together(first.value, further, size, search.before !== undefined),
    [first.value, further, size, search.before],
  );
  return { ...first, value, again };
}

/** The first answer is asked for again by itself when the socket is back; the others are not. */
function useGatherAfterReconnect(gather: () => void): void {
  const { state } = useStore(connection);
  const before = useRef(state);
  const latest = useRef(gather);
  latest.current = gather;
  useEffect(() => {
    if (before.current === 'lost' && state === 'live') latest.current();
    before.current = state;
  }, [state]);
}

type First = { nodes: ProspectRowFragment[]; pageInfo: PageEndsFragment; totalCount: number | null };

function together(first: First, further: ReturnType<typeof useFurtherPages>, size: number, backwards: boolean): ProspectList {
  const { nodes, pageInfo, totalCount } = first;
  const all = backwards ? [...further.rows, ...nodes] : [...nodes, ...further.rows];
  // A row may have moved into the first answer since the others were read.
  const rows = further.rows.length === 0 ? nodes : [...new Map(all.map((row) => [row.id, row])).values()];
  const { end } = further;
  return {
    rows,
    total: totalCount,
    ends: {
      hasPreviousPage: backwards && end ? end.hasPreviousPage : pageInfo.hasPreviousPage,
      startCursor: backwards && end ? end.startCursor : pageInfo.startCursor,
      hasNextPage: !backwards && end ? end.hasNextPage : pageInfo.hasNextPage,
      endCursor: !backwards && end ? end.endCursor : pageInfo.endCursor,
    },
    wanted: further.reading ? Math.min(size, totalCount ?? size) : null,
    stopped: further.error,
  };
}
