import { useRef, useState } from 'react';
import { useClient } from 'urql';
import { refetch } from '../../api/activeQueries.ts';
import { plural } from '../../parts/format.ts';
import { toast } from '../../parts/toasts.ts';
import { decide, type Decision, type Outcome, reverse } from './decide.ts';
import type { ReadDraft } from './readDraft.ts';

export const done = { APPROVE: 'approved', REJECT: 'rejected', REOPEN: 'reopened' } as const;

const changedLists = ['Drafts', 'DraftCounts', 'Waiting'];

/**
 * Carries out decisions over drafts, one at a time, and remembers the last one, so that it can be taken back.
 * @param takenBack is told which drafts have their former state again
 */
export function useDecisions(takenBack: (drafts: readonly ReadDraft[]) => void) {
  const client = useClient();
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [last, setLast] = useState<Outcome | null>(null);
  const busy = useRef(false);
  const stopping = useRef(false);

  /** Runs one thing at a time: what is asked for meanwhile (a double click) is not done. */
  async function alone<Result>(total: number, work: () => Promise<Result>): Promise<Result | null> {
    if (busy.current || total === 0) return null;
    busy.current = true;
    stopping.current = false;
    setOutcome(null);
    setProgress({ done: 0, total });
    try {
      return await work();
    } finally {
      busy.current = false;
      setProgress(null);
      refetch(client, changedLists);
    }
  }

  const watch = (total: number, before = 0) => ({ progress: (count: number) => setProgress({ done: before + count, total }), stopped: () => stopping.current });

  /** @returns null when something else was under way */
  function review(drafts: readonly ReadDraft[], decision: Decision): Promise<Outcome | null> {
    return alone(drafts.length, async () => {
      const result = await decide(client, drafts, decision, watch(drafts.length));
      if (result.changed.length > 0) setLast(result);
      if (isWhole(result)) toast(sentence(result), { label: 'Undo', run: () => void takeBack(result) });
      else setOutcome(result);
      return result;
    });
  }

  function takeBack(earlier: Outcome): Promise<void | null> {
    return alone(earlier.changed.length, async () => {
      setLast(null);
      const back: ReadDraft[] = [];
      for (const { drafts, back: decision } of reverse(earlier)) {
        const result = await decide(client, drafts, decision, watch(earlier.changed.length, back.length));
        back.push(...result.changed);
        if (!isWhole(result)) setOutcome(result);
      }
      if (back.length === 0) return;
      toast(`${sentence({ ...earlier, changed: back })}: taken back`);
      takenBack(back);
    });
  }

  return {
    review,
    undo: last && (() => void takeBack(last)),
    outcome,
    forget: () => setOutcome(null),
    progress,
    stop: () => void (stopping.current = true),
  };
}

function isWhole({ refused, untried }: Outcome): boolean {
  return refused.length === 0 && untried.length === 0;
}

function sentence({ decision, changed }: Pick<Outcome, 'decision' | 'changed'>): string {
  const subject = changed.length === 1 ? `Draft for ${changed[0]!.name}` : plural(changed.length, 'draft');
  return `${subject} ${done[decision]}`;
}
