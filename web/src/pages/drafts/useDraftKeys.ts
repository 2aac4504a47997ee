import { useCommands } from '../../keys/useCommands.ts';
import type { RowKeys } from '../../parts/useRowKeys.ts';
import type { ReadDraft } from './readDraft.ts';
import type { useReview } from './useReview.ts';
import type { useSelection } from './useSelection.ts';

type Keys = {
  isOperator: boolean;
  open: string | undefined;
  rows: readonly ReadDraft[];
  keys: RowKeys;
  selection: ReturnType<typeof useSelection>;
  review: ReturnType<typeof useReview>;
  search: () => void;
};

/** What the keyboard does with the list; what is open has keys of its own. */
export function useDraftKeys({ isOperator, open, rows, keys, selection, review, search }: Keys): void {
  const chosen = [...selection.chosen.values()];
  const what = chosen.length > 0 ? 'the selected drafts' : 'this draft';

  function targets(): ReadDraft[] {
    const current = keys.current();
    const wanted = chosen.length > 0 ? chosen : rows.filter(({ id }) => id === current);
    return wanted.filter(({ status }) => status === 'PENDING_REVIEW');
  }

  useCommands('Drafts', [
    ...keys.commands,
    ...(isOperator ? [
      ...(chosen.length > 0 || open === undefined ? [
        { keys: 'a', label: `Approve ${what}`, run: () => review.decide(targets(), 'APPROVE') },
        { keys: 'r', label: `Reject ${what}`, run: () => review.decide(targets(), 'REJECT') },
      ] : []),
      { keys: 'z', label: 'Take the last decision back', run: () => review.undo?.() },
    ] : []),
    { keys: '/', label: 'Search', run: search },
  ]);
}
