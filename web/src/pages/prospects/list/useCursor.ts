import { useCallback, useEffect, useRef, useState } from 'react';

/**
 * The row that the keyboard stands on. When it leaves the list, the one that takes its place is it, and has the focus if
 * the former one had it.
 */
export function useCursor(rows: readonly { id: string }[]) {
  const [stored, setState] = useState<{ id: string | null; focus: number }>({ id: null, focus: 0 });
  const place = useRef(-1);
  const answered = useRef(0);
  const index = stored.id === null ? -1 : rows.findIndex(({ id }) => id === stored.id);
  if (index >= 0) place.current = index;
  // Another row in the place of one that is gone; nobody stands anywhere before the first step.
  const heir = index < 0 && place.current >= 0 ? (rows[Math.min(place.current, rows.length - 1)]?.id ?? null) : null;
  const id = index >= 0 ? stored.id : heir;

  useEffect(() => {
    if (heir === null) return;
    const isLost = document.activeElement === null || document.activeElement === document.body;
    setState(({ focus }) => ({ id: heir, focus: isLost ? focus + 1 : focus }));
  }, [heir]);

  const claim = useCallback((focus: number) => {
    const isNew = focus > answered.current;
    answered.current = Math.max(answered.current, focus);
    return isNew;
  }, []);

  return {
    id,
    /** another number: the row that it stands on wants the focus, unless it was claimed */
    focus: stored.focus,
    claim,
    /** The row so many further down or up, which is the first one at the beginning; null in an empty list. */
    next(by: number): string | null {
      const from = id === null ? (by > 0 ? -1 : 0) : rows.findIndex((row) => row.id === id);
      return rows[Math.max(0, Math.min(rows.length - 1, from + by))]?.id ?? null;
    },
    /** Goes to a row; `focus` gives it the focus too. */
    stand: (to: string, focus: boolean) => setState((before) => ({ id: to, focus: focus ? before.focus + 1 : before.focus })),
    /** Gives the row that it stands on, or the first one, the focus; while there are no rows yet, once it is there. */
    takeFocus: () => setState((before) => ({ id: id ?? rows[0]?.id ?? before.id, focus: before.focus + 1 })),
  };
}

/** Whoever closes the detail comes back to the row that it was opened from, or to the one that took its place. */
export function useFocusAfterDetail(open: string | undefined, cursor: Cursor): void {
  const opened = useRef(open);
  const latest = useRef(cursor);
  latest.current = cursor;
  useEffect(() => {
    if (open) latest.current.stand(open, false);
    else if (opened.current) latest.current.takeFocus();
    opened.current = open;
  }, [open]);
}

export type Cursor = ReturnType<typeof useCursor>;
