import { useState } from 'react';

type State = {
  key: string;
  selected: ReadonlySet<string>;
  /** everything that the filters match, not only what is selected here */
  all: boolean;
  /** the row that was selected last, from which ranges are counted */
  anchor: string | null;
  /** what was selected before the range that Shift+J and Shift+K are drawing */
  base: ReadonlySet<string> | null;
};

/**
 * Which prospects of a list are selected. It survives every refetch, and goes with the filter.
 * @param rows what the list shows, in order
 * @param key names the filter: another one starts with nothing selected
 */
export function useSelection(rows: readonly { id: string }[], key: string) {
  const fresh: State = { key, selected: new Set(), all: false, anchor: null, base: null };
  const [stored, setState] = useState(fresh);
  const state = stored.key === key ? stored : fresh;
  const { selected, all, anchor } = state;
  const set = (change: Partial<State>) => setState({ ...state, base: null, all: false, ...change });

  function between(from: string | null, to: string): string[] {
    const ends = [from ?? to, to].map((id) => rows.findIndex((row) => row.id === id)).toSorted((a, b) => a - b);
    return ends[0] === -1 ? [to] : rows.slice(ends[0], ends[1]! + 1).map(({ id }) => id);
  }

  return {
    selected,
    all,
    /** Turns a row over; with `range`, every row from the last one to this one becomes what this one becomes. */
    toggle(id: string, range: boolean) {
      const next = new Set(selected);
      const isOn = !selected.has(id);
      for (const one of range ? between(anchor, id) : [id]) {
        if (isOn) next.add(one);
        else next.delete(one);
      }
      set({ selected: next, anchor: id });
    },
    /** Draws a range from where it began (`from` at first) to a row; drawn back, it gives free what it took. */
    extend(from: string, to: string) {
      const base = state.base ?? selected;
      const start = state.base ? (anchor ?? from) : from;
      set({ selected: new Set([...base, ...between(start, to)]), anchor: start, base });
    },
    toggleShown() {
      const isAll = rows.every(({ id }) => selected.has(id));
      set({ selected: new Set(isAll ? [] : rows.map(({ id }) => id)) });
    },
    selectAll: () => set({ selected: new Set(rows.map(({ id }) => id)), all: true }),
    clear: () => set({ selected: new Set(), anchor: null }),
    keep: (ids: readonly string[]) => set({ selected: new Set(ids) }),
  };
}

export type Selection = ReturnType<typeof useSelection>;
