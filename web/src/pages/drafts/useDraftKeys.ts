import { useCommands } from '../../keys/useCommands.ts';
import type { ReadDraft } from './readDraft.ts';
import type { useReview } from './useReview.ts';
import type { useRowLinks } from './useRowLinks.ts';
import type { useSelection } from './useSelection.ts';

type Keys = {
  isOperator: boolean;
  open: string | undefined;
  go: (id: string) => void;
  rows: readonly ReadDraft[];
  links: ReturnType<typeof useRowLinks>;
  selection: ReturnType<typeof useSelection>;
  review: ReturnType<typeof useReview>;
  search: () => void;
};

/** What the keyboard does with the list; what is open has keys of its own. */
export function useDraftKeys({ isOperator, open, go, rows, links, selection, review, search }: Keys): void {
  const current = rows.find(({ id }) => id === links.at(0));
  const chosen = [...selection.chosen.values()];
  const targets = (chosen.length > 0 ? chosen : current ? [current] : []).filter(({ status }) => status === 'PENDING_REVIEW');
  const what = chosen.length > 0 ? 'the selected drafts' : 'this draft';

  function move(by: number) {
    const to = links.at(by);
    if (to && open !== undefined) go(to);
    else links.focus(to);
  }

  function extend(by: number) {
    const to = links.at(by);
    if (!to) return;
    selection.extend(current?.id ?? to, to);
    links.focus(to);
  }

  useCommands('Drafts', [
    { keys: 'j', label: open ? 'Open the next draft' : 'Next draft', run: () => move(1) },
    { keys: 'k', label: open ? 'Open the previous draft' : 'Previous draft', run: () => move(-1) },
    { keys: 'Enter', label: 'Open the draft', run: () => {}, listens: false },
    { keys: 'o', label: 'Open the draft', run: () => current && go(current.id) },
    ...(isOperator ? [
      { keys: 'x', label: 'Select', run: () => current && selection.toggle(current.id) },
      { keys: 'shift+j', label: 'Select down', run: () => extend(1) },
      { keys: 'shift+k', label: 'Select up', run: () => extend(-1) },
      ...(chosen.length > 0 || open === undefined ? [
        { keys: 'a', label: `Approve ${what}`, run: () => review.decide(targets, 'APPROVE') },
        { keys: 'r', label: `Reject ${what}`, run: () => review.decide(targets, 'REJECT') },
      ] : []),
      { keys: 'z', label: 'Take the last decision back', run: () => review.undo?.() },
    ] : []),
    { keys: '/', label: 'Search', run: search },
  ]);
}
