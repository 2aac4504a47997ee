import { useState } from 'react';
import type { ReviewDecision } from '../../graphql/graphql.ts';
import type { ReadDraft } from './readDraft.ts';
import { useDecisions } from './useDecisions.ts';
import type { useSelection } from './useSelection.ts';

type Place = {
  /** what is listed, in order */
  rows: readonly ReadDraft[];
  open: string | undefined;
  go: (id: string | undefined) => void;
  /** takes the keyboard to a row, or to the list */
  focus: (id: string | undefined) => void;
  selection: ReturnType<typeof useSelection>;
};

/** Decides over drafts from the list, from the detail and from the keyboard, and goes on to the next one. */
export function useReview({ rows, open, go, focus, selection }: Place) {
  /** those for whose rejection a reason is asked */
  const [rejecting, setRejecting] = useState<readonly ReadDraft[] | null>(null);
  const decisions = useDecisions((drafts) => {
    if (drafts.length === 1) go(drafts[0]!.id);
    else if (open === undefined) focus(undefined);
  });
  const busy = decisions.progress !== null;

  async function carryOut(drafts: readonly ReadDraft[], decision: ReviewDecision, reason?: string) {
    const [one, ...others] = drafts;
    const next = one && others.length === 0 ? neighbour(rows, one.id) : undefined;
    const outcome = await decisions.review(drafts, { decision, reason });
    if (!outcome) return;
    if (selection.chosen.size > 0) selection.choose([...outcome.refused.map(({ draft }) => draft), ...outcome.untried]);
    const goesOn = outcome.changed.length > 0 && decision !== 'REOPEN';
    if (goesOn && one && others.length === 0 && one.id === open) go(next);
    // The row, or what was pressed, goes: the keyboard goes on from the list.
    else if (open === undefined && (goesOn || document.activeElement === document.body)) focus(next);
  }

  const { outcome } = decisions;
  const [first] = outcome?.refused ?? [];
  return {
    ...decisions,
    busy,
    rejecting,
    decide: (drafts: readonly ReadDraft[], decision: ReviewDecision) => {
      if (busy || drafts.length === 0) return;
      if (decision === 'REJECT') setRejecting(drafts);
      else void carryOut(drafts, decision);
    },
    reject: (drafts: readonly ReadDraft[], reason: string) => {
      setRejecting(null);
      void carryOut(drafts, 'REJECT', reason);
    },
    keep: () => setRejecting(null),
    /** why the one draft that is open stayed as it was: it is said there */
    refusal: outcome && first && outcome.refused.length === 1 && outcome.changed.length === 0 && first.draft.id === open ? first.message : undefined,
  };
}

/** The row to go on with when this one is done. */
function neighbour(rows: readonly ReadDraft[], id: string): string | undefined {
  const found = rows.findIndex((row) => row.id === id);
  return (rows[found + 1] ?? rows[found - 1])?.id;
}
