import { useCommands } from '../../keys/useCommands.ts';
import type { ReviewDecision } from '../../graphql/graphql.ts';

type Actions = {
  move: (by: number, extend: boolean) => void;
  select: () => unknown;
  open: () => unknown;
  decide: (decision: ReviewDecision) => void;
  undo: () => void;
  selectShown: () => void;
  selectAll: () => void;
  leave: () => void;
  search: () => void;
  mayDecide: boolean;
};

/** What the keyboard can do with the list and with the prospect that is open. */
export function useProspectCommands({ move, select, open, decide, undo, selectShown, selectAll, leave, search, mayDecide }: Actions): void {
  useCommands('Prospects', [
    { keys: 'j', label: 'Next prospect', run: () => move(1, false) },
    { keys: 'k', label: 'Previous prospect', run: () => move(-1, false) },
    { keys: 'Enter', label: 'Open the prospect', run: open, listens: false },
    { keys: 'o', label: 'Open the prospect', run: open },
    { keys: '/', label: 'Search', run: search },
    { keys: 'Escape', label: 'Close the prospect, else select none', run: leave },
    ...(mayDecide
      ? [
          { keys: 'x', label: 'Select or not', run: select },
          { keys: 'shift+j', label: 'Select down to the next one', run: () => move(1, true) },
          { keys: 'shift+k', label: 'Select up to the previous one', run: () => move(-1, true) },
          { keys: '* a', label: 'Select all on this page, or none', run: selectShown },
          { keys: '* m', label: 'Select all that match', run: selectAll },
          { keys: 'a', label: 'Approve', run: () => decide('APPROVE') },
          { keys: 'r', label: 'Reject', run: () => decide('REJECT') },
          { keys: 'u', label: 'Reopen', run: () => decide('REOPEN') },
          { keys: 'z', label: 'Undo the last decision', run: undo },
        ]
      : []),
  ]);
}
