import { useRef, useState } from 'react';
import type { SaveOutcome } from './useForm.ts';

/** Something that a button does: once at a time, and why it did not work. */
export interface Action {
  busy: boolean;
  outcome: SaveOutcome;
  /** @returns whether it worked */
  run: (act: () => Promise<SaveOutcome>) => Promise<boolean>;
}

export function useAction(): Action {
  const running = useRef(false);
  const [{ busy, outcome }, set] = useState<{ busy: boolean; outcome: SaveOutcome }>({ busy: false, outcome: {} });

  async function run(act: () => Promise<SaveOutcome>): Promise<boolean> {
    if (running.current) return false;
    running.current = true;
    set({ busy: true, outcome: {} });
    try {
      const answer = await act();
      set({ busy: false, outcome: answer });
      return !answer.error && (answer.refusals ?? []).length === 0;
    } finally {
      running.current = false;
    }
  }

  return { busy, outcome, run };
}
