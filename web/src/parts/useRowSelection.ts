import { useRef, useState } from 'react';

/**
 * Which rows of a list are selected. What leaves the list is not selected any more.
 * @param ids of what is listed, in order
 */
export function useRowSelection(ids: readonly string[]) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const anchor = useRef<string>(undefined);
  const selected = new Set(ids.filter((id) => chosen.has(id)));

  return {
    selected,
    toggle(id: string) {
      anchor.current = id;
      const next = new Set(selected);
      if (!next.delete(id)) next.add(id);
      setChosen(next);
    },
    /** Draws a range by and by: from where it began, which is `from` unless that is selected already, to a row. */
    extend(from: string, to: string) {
      if (!selected.has(from) || anchor.current === undefined || !ids.includes(anchor.current)) anchor.current = from;
      const ends = [anchor.current, to].map((id) => ids.indexOf(id));
      setChosen(new Set([...selected, ...ids.slice(Math.max(Math.min(...ends), 0), Math.max(...ends) + 1)]));
    },
    toggleAll: () => setChosen(new Set(selected.size === ids.length ? [] : ids)),
    keep: (some: readonly string[]) => setChosen(new Set(some)),
  };
}

export type RowSelection = ReturnType<typeof useRowSelection>;
