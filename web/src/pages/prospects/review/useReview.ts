import { useRef, useState } from 'react';
import { type CombinedError, useClient } from 'urql';
import { refetch } from '../../../api/activeQueries.ts';
import { type ProspectFilter, type ReviewDecision, ReviewProspectsDocument, type ReviewProspectsInput } from '../../../graphql/graphql.ts';
import { plural } from '../../../parts/format.ts';
import { toast } from '../../../parts/toasts.ts';

/** Prospects by id, or all that a filter selected when they were counted. */
export type Targets = { ids: readonly string[] } | { filter: ProspectFilter; expectedCount: number };

/** What a decision changed, and what it did not and why. */
export interface ReviewOutcome {
  decision: ReviewDecision;
  changedCount: number;
  failedCount: number;
  /** at most 100 of each request */
  failedIds: string[];
  /** by prospect */
  refusals: ReadonlyMap<string, string>;
  /** of everything: then nothing was changed */
  errors: readonly { code: string; message: string }[];
  failure: CombinedError | undefined;
}

const mostIds = 1_000;
export const done: Record<ReviewDecision, string> = { APPROVE: 'approved', REJECT: 'rejected', REOPEN: 'reopened' };

/**
 * Decides over prospects, tells what came of it, and remembers the way back of every decision made on this page.
 * @param settled called after the server has answered
 */
export function useReview(settled: () => void) {
  const client = useClient();
  const isBusy = useRef(false);
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<ReviewOutcome | null>(null);
  const batches = useRef<string[][]>([]);

  /** Sends one request after the other; the batches of those that changed something are the way back. */
  async function send(requests: Omit<ReviewProspectsInput, 'decision'>[], decision: ReviewDecision): Promise<{ outcome: ReviewOutcome; batch: string[] } | null> {
    if (isBusy.current) return null;
    isBusy.current = true;
    setBusy(true);
    const sum: ReviewOutcome = { decision, changedCount: 0, failedCount: 0, failedIds: [], refusals: new Map(), errors: [], failure: undefined };
    const refusals = new Map<string, string>();
    const batch: string[] = [];
    for (const request of requests) {
      const { data, error } = await client.mutation(ReviewProspectsDocument, { input: { ...request, decision } }).toPromise();
      sum.failure = error;
      if (!data) break;
      const { changedCount, failedCount, failedIds, batch: one, userErrors } = data.reviewProspects;
      sum.changedCount += changedCount;
      sum.failedCount += failedCount;
      sum.failedIds.push(...failedIds);
      if (one) batch.push(one);
      for (const { target, message } of userErrors) if (target) refusals.set(target, message);
      sum.errors = [...sum.errors, ...userErrors.filter(({ target }) => !target)];
    }
    isBusy.current = false;
    setBusy(false);
    refetch(client, ['Prospects', 'Prospect', 'ProspectHistory', 'Tags']);
    settled();
    return { outcome: { ...sum, refusals }, batch };
  }

  async function takeBack(batch: string[]): Promise<void> {
    batches.current = batches.current.filter((one) => one !== batch);
    const answer = await send(batch.map((one) => ({ batch: one })), 'REOPEN');
    if (!answer) return;
    setOutcome(answer.outcome);
    if (answer.outcome.changedCount > 0) toast(sentence(answer.outcome));
    else if (answer.outcome.failure) batches.current.push(batch);
  }

  /** @returns null when another decision is still on its way */
  async function review(targets: Targets, decision: ReviewDecision, reason?: string): Promise<ReviewOutcome | null> {
    const given = reason?.trim() || undefined;
    const requests = 'ids' in targets ? chunks(targets.ids).map((ids) => ({ ids, reason: given })) : [{ ...targets, reason: given }];
    const answer = await send(requests, decision);
    if (!answer) return null;
    const { outcome: found, batch } = answer;
    setOutcome(found);
    const undoable = decision !== 'REOPEN' && batch.length > 0;
    if (undoable) batches.current.push(batch);
    if (found.changedCount > 0) toast(sentence(found), undoable ? { label: 'Undo', run: () => void takeBack(batch) } : undefined);
    return found;
  }

  return {
    review,
    busy,
    outcome,
    forget: () => setOutcome(null),
    /** Takes the last decision back that is not taken back yet. */
    undo() {
      const batch = batches.current.at(-1);
      if (batch) void takeBack(batch);
    },
  };
}

function sentence({ changedCount, decision }: ReviewOutcome): string {
  return `${plural(changedCount, 'prospect')} ${done[decision]}`;
}

function chunks(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / mostIds) }, (_, place) => ids.slice(place * mostIds, (place + 1) * mostIds));
}
