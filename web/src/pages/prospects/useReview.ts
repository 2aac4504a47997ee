import { useState } from 'react';
import { type CombinedError, useClient, useMutation } from 'urql';
import { refetch } from '../../api/activeQueries.ts';
import { type ReviewDecision, ReviewProspectsDocument, type ReviewProspectsInput, type ReviewProspectsMutation } from '../../graphql/graphql.ts';

/** The last answer to a review: what it changed, why the rest did not, and the batch that takes it back. */
export type ReviewAnswer = ReviewProspectsMutation['reviewProspects'] & { decision: ReviewDecision };

type Targets = Pick<ReviewProspectsInput, 'ids' | 'filter' | 'expectedCount' | 'batch'>;

/** Reviews prospects and remembers the last decision, so that it can be taken back. */
export function useReview() {
  const client = useClient();
  const [{ fetching }, send] = useMutation(ReviewProspectsDocument);
  const [answer, setAnswer] = useState<ReviewAnswer | null>(null);
  const [failure, setFailure] = useState<CombinedError | undefined>();

  /** @returns the ids that did not change, to be left selected; null when there was no answer */
  async function review(targets: Targets, decision: ReviewDecision, reason?: string): Promise<readonly string[] | null> {
    const { data, error } = await send({ input: { ...targets, decision, reason: reason || undefined } });
    setFailure(error);
    if (!data) return null;
    setAnswer({ ...data.reviewProspects, decision });
    refetch(client, ['Prospects']);
    return data.reviewProspects.failedIds;
  }

  const batch = answer?.decision === 'REOPEN' ? null : answer?.batch;
  return { review, fetching, answer, failure, undo: batch ? () => review({ batch }, 'REOPEN') : null };
}
