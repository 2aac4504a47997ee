import { useState } from 'react';
import type { MessageRowFragment } from '../../graphql/graphql.ts';
import { plural } from '../../parts/format.ts';
import { toast } from '../../parts/toasts.ts';
import type { Asked } from './DecideDialog.tsx';
import { doneText } from './OutcomeNotice.tsx';
import { nameOf } from './states.ts';
import { type Decision, type Outcome, useResolve } from './useResolve.ts';

/**
 * Decisions about messages, from the question to what became of them.
 * @param after hears of each; the ids are those that nothing was done for
 */
export function useDecisions(after: (failedIds: readonly string[]) => void = () => {}) {
  const { decide, progress } = useResolve();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);

  async function carryOut(now: Asked | null = asked) {
    if (!now) return;
    const found = await decide(now.messages.map(({ id }) => id), now.decision);
    if (!found) return;
    setAsked(null);
    setOutcome(found);
    after([...found.refused.map(({ id }) => id), ...found.left]);
    if (found.refused.length + found.left.length === 0) {
      const [one] = now.messages;
      toast(now.messages.length === 1 && one ? `Message to ${nameOf(one)} ${doneText(now.decision)}` : `${plural(found.done.length, 'message')} ${doneText(now.decision)}`);
    }
  }

  return {
    outcome,
    progress,
    /** asks first */
    ask: (messages: readonly MessageRowFragment[], decision: Decision) => {
      if (messages.length === 0) return;
      setOutcome(null);
      setAsked({ messages, decision });
    },
    /** does it at once */
    carryOut: (message: MessageRowFragment, decision: Decision) => void carryOut({ messages: [message], decision }),
    dialog: { asked, progress, carryOut: () => void carryOut(), close: () => setAsked(null) },
  };
}
