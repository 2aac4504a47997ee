import { useEffect, useRef, useState } from 'react';

/**
 * Where the keyboard stands in the list: on the draft that is open, else on the row whose link had the focus last.
 * A row that goes takes the focus nowhere: the list has it then.
 */
export function useRowLinks(rows: readonly { id: string }[], open: string | undefined) {
  const links = useRef(new Map<string, HTMLAnchorElement>());
  const list = useRef<HTMLDivElement>(null);
  const [last, setLast] = useState<string | undefined>();
  const place = rows.findIndex(({ id }) => id === (open ?? last));

  function focus(id: string | undefined) {
    const element = (id === undefined ? undefined : links.current.get(id)) ?? list.current;
    element?.focus();
    element?.scrollIntoView({ block: 'nearest' });
  }

  useEffect(() => {
    if (open !== undefined) links.current.get(open)?.closest('tr')?.scrollIntoView({ block: 'nearest' });
  }, [open]);

  return {
    list,
    focus,
    focused: setLast,
    set: (id: string, element: HTMLAnchorElement | null) => {
      if (element) links.current.set(id, element);
      else links.current.delete(id);
    },
    /** the row so many steps from where the keyboard stands, or the last one in that direction */
    at: (by: number): string | undefined => rows[place < 0 ? (by === 0 ? -1 : 0) : Math.max(0, Math.min(rows.length - 1, place + by))]?.id,
    /** the row to go on with when this one is done */
    neighbour: (id: string): string | undefined => {
      const found = rows.findIndex((row) => row.id === id);
      return (rows[found + 1] ?? rows[found - 1])?.id;
    },
  };
}
