import { useEffect, useRef, useState } from 'react';
import { type CombinedError, useClient } from 'urql';
import { type FurtherProspectsQueryVariables, FurtherProspectsDocument, type PageEndsFragment, type ProspectRowFragment, type ProspectsQuery } from '../../../graphql/graphql.ts';

export type ProspectPage = Pick<NonNullable<ProspectsQuery['prospects']>, 'nodes' | 'pageInfo'>;

/** The API gives so many rows in one answer. */
export const mostInOneAnswer = 100;

type Known = { key: string; rows: readonly ProspectRowFragment[]; end: PageEndsFragment | null; reading: boolean; error: CombinedError | undefined };

type Wanted = {
  /** names filter, order, place and size: what was gathered for another key is not shown */
  key: string;
  first: ProspectPage | undefined;
  size: number;
  backwards: boolean;
  /** another number gathers anew */
  round: number;
  selection: Pick<FurtherProspectsQueryVariables, 'filter' | 'orderBy'>;
};

/** What follows the first answer of a list that shows more rows than one answer holds: asked for one after the other. */
export function useFurtherPages({ key, first, size, backwards, round, selection }: Wanted): Known {
  const client = useClient();
  const [known, setKnown] = useState(() => nothingOf(key));
  const latest = useRef({ size, backwards, selection });
  latest.current = { size, backwards, selection };
  useEffect(() => {
    const { size, backwards, selection } = latest.current;
    if (!first || first.nodes.length >= size) return;
    const nothing = nothingOf(key);
    let stopped = false;
    void gather(first);
    return () => {
      stopped = true;
    };

    async function gather(start: ProspectPage) {
      let last = start.pageInfo;
      let rows: readonly ProspectRowFragment[] = [];
      // What was gathered before stays until all is there again.
      const show = (change: Partial<Known>) => setKnown((before) => ({ ...(before.key === key ? before : nothing), ...change }));
      for (;;) {
        const left = Math.min(mostInOneAnswer, size - start.nodes.length - rows.length);
        if (left <= 0 || !(backwards ? last.hasPreviousPage : last.hasNextPage)) break;
        show({ reading: true, error: undefined });
        const place = backwards ? { last: left, before: last.startCursor } : { first: left, after: last.endCursor };
        const { data, error } = await client.query(FurtherProspectsDocument, { ...place, ...selection }, { requestPolicy: 'network-only' }).toPromise();
        if (stopped) return;
        const page = data?.prospects;
        if (!page) return show({ reading: false, error });
        rows = backwards ? [...page.nodes, ...rows] : [...rows, ...page.nodes];
        last = page.pageInfo;
        const reached = rows;
        const end = last;
        setKnown((before) => (before.key === key && before.rows.length > reached.length ? before : { ...nothing, rows: reached, end, reading: true }));
      }
      setKnown({ ...nothing, rows, end: last });
    }
  }, [client, key, first, round]);
  return known.key === key ? known : nothingOf(key);
}

function nothingOf(key: string): Known {
  return { key, rows: [], end: null, reading: false, error: undefined };
}
