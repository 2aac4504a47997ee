import { useState } from 'react';

type State = { key: string; selected: ReadonlySet<string>; all: boolean; current: number; anchor: number };

/**
 * The selection on one page of a list, and the row that the keyboard stands on.
 * @param rows what is on the page, in order
 * @param key another one (other filters, another page) starts with nothing selected
 */
export function useSelection(rows: readonly { id: string }[], key: string) {
  const fresh: State = { key, selected: new Set(), all: false, current: -1, anchor: -1 };
  const [stored, setState] = useState(fresh);
  const state = stored.key === key ? stored : fresh;
  const { selected, all, current, anchor } = state;
  const set = (change: Partial<State>) => setState({ ...state, ...change });

  /** Selects or deselects a row; with `range`, every row from the last one to this one. */
  function toggle(index: number, range: boolean) {
    const row = rows[index];
    if (!row) return;
    const next = new Set(selected);
    const on = !selected.has(row.id);
    const [from, to] = range && anchor >= 0 ? [Math.min(anchor, index), Math.max(anchor, index)] : [index, index];
    for (const { id } of rows.slice(from, to + 1)) {
      if (on) next.add(id);
      else next.delete(id);
    }
    set({ selected: next, all: false, current: index, anchor: index });
  }

  return {
    selected,
    all,
    current,
    toggle,
    togglePage: () => set({ selected: new Set(rows.every(({ id }) => selected.has(id)) ? [] : rows.map(({ id }) => id)), all: false }),
    selectAll: () => set({ selected: new Set(rows.map(({ id }) => id)), all: true }),
    clear: () => set({ selected: new Set(), all: false }),
    keep: (ids: readonly string[]) => set({ selected: new Set(ids), all: false }),
    move: (by: number) => set({ current: Math.max(0, Math.min(rows.length - 1, current + by)) }),
    /** the selected ids, or the row that the keyboard stands on */
    targets: (): string[] => (selected.size > 0 ? [...selected] : rows.slice(Math.max(current, 0), current + 1).map(({ id }) => id)),
  };
}
