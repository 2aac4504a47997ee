import type { Client, CombinedError } from 'urql';
import { DraftRefsDocument, type DraftRefsQuery, type DraftRefsQueryVariables } from '../../graphql/graphql.ts';
import { type ReadDraft, readDraft } from './readDraft.ts';

type Gathered = { drafts: ReadDraft[]; error?: CombinedError | undefined };

/** Every draft that a filter selects, as it stands now; fewer than all after an error or when it was stopped. */
export async function gather(
  client: Client,
  variables: Pick<DraftRefsQueryVariables, 'channel' | 'filter'>,
  { progress, stopped }: { progress: (count: number) => void; stopped: () => boolean },
): Promise<Gathered> {
  const drafts: ReadDraft[] = [];
  for (let after: string | null | undefined; !stopped(); ) {
    const { data, error } = await client.query<DraftRefsQuery, DraftRefsQueryVariables>(DraftRefsDocument, { ...variables, after }, { requestPolicy: 'network-only' }).toPromise();
    if (!data?.drafts) return { drafts, error };
    drafts.push(...data.drafts.nodes.map(readDraft));
    progress(drafts.length);
    if (!data.drafts.pageInfo.hasNextPage) break;
    after = data.drafts.pageInfo.endCursor;
  }
  return { drafts };
}
