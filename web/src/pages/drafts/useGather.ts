import { useRef, useState } from 'react';
import { type CombinedError, useClient } from 'urql';
import type { DraftRefsQueryVariables } from '../../graphql/graphql.ts';
import { gather } from './gather.ts';
import type { ReadDraft } from './readDraft.ts';

/** Reads every draft that the filters match, page by page, to choose them all. */
export function useGather(choose: (drafts: readonly ReadDraft[]) => void) {
  const client = useClient();
  const [read, setRead] = useState<number | null>(null);
  const [error, setError] = useState<CombinedError | undefined>();
  const stopping = useRef(false);

  async function start(variables: Pick<DraftRefsQueryVariables, 'channel' | 'filter'>) {
    if (read !== null) return;
    stopping.current = false;
    setRead(0);
    const found = await gather(client, variables, { progress: setRead, stopped: () => stopping.current });
    setRead(null);
    setError(found.error);
    if (!found.error) choose(found.drafts);
  }

  return {
    /** how many were read so far; null while nothing is being read */
    read,
    error,
    start,
    stop: () => void (stopping.current = true),
  };
}
