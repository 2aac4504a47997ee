import { useRef, useState } from 'react';

/**
 * Which rows of a list are selected. What leaves the list is not selected any more.
 * @param ids of what is listed, in order
 */
export function useRowSelection(ids: readonly string[]) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const anchor = useRef<string>(undefined);
  const selected = new Set(ids.filter((id) => chosen.has(id)));

  /** Everything between the row that was last touched and this one. */
  function selectTo(id: string) {
    const from = ids.indexOf(anchor.current ?? id);
    const to = ids.indexOf(id);
    setChosen(new Set([...selected, ...ids.slice(Math.max(Math.min(from, to), 0), Math.max(from, to) + 1)]));
  }

  return {
    selected,
    selectTo,
    toggle(id: string) {
      anchor.current = id;
      const next = new Set(selected);
      if (!next.delete(id)) next.add(id);
      setChosen(next);
    },
    /** where a range that is selected by and by begins, unless it has begun */
    startAt: (id: string) => {
      if (!selected.has(id)) anchor.current = id;
    },
    toggleAll: () => setChosen(new Set(selected.size === ids.length ? [] : ids)),
    keep: (some: readonly string[]) => setChosen(new Set(some)),
  };
}

export type RowSelection = ReturnType<typeof useRowSelection>;
