import { useState } from 'react';
import type { ReadDraft } from './readDraft.ts';

type State = { key: string; chosen: ReadonlyMap<string, ReadDraft>; anchor: string | undefined };

/**
 * The drafts that were chosen, each as it stood on the screen then: an approval is of that text.
 * @param rows what is on this page of the list, in order
 * @param key other filters start with nothing chosen; another page keeps what is
 */
export function useSelection(rows: readonly ReadDraft[], key: string) {
  const fresh: State = { key, chosen: new Map(), anchor: undefined };
  const [stored, setState] = useState(fresh);
  const { chosen, anchor } = stored.key === key ? stored : fresh;
  const choose = (drafts: Iterable<ReadDraft>, from = anchor) => setState({ key, chosen: new Map([...drafts].map((draft) => [draft.id, draft])), anchor: from });

  /** Whether a row is on this page: a range does not reach beyond it. */
  const isHere = (id: string | undefined): id is string => rows.some((row) => row.id === id);

  /** Chooses or leaves out a row; with `range`, chooses every row from the last one to this one. */
  function toggle(id: string, range = false) {
    const row = rows.find((one) => one.id === id);
    if (range && isHere(anchor)) extend(anchor, id);
    else if (row) choose(chosen.has(id) ? [...chosen.values()].filter((draft) => draft.id !== id) : [...chosen.values(), row], id);
  }

  /** Chooses every row from where the range began, which is `start` unless that is chosen already, to this one. */
  function extend(start: string, id: string) {
    const from = chosen.has(start) && isHere(anchor) ? anchor : start;
    const places = [from, id].map((one) => rows.findIndex((row) => row.id === one));
    choose([...chosen.values(), ...rows.slice(Math.max(0, Math.min(...places)), Math.max(...places) + 1)], from);
  }

  const all = rows.length > 0 && rows.every(({ id }) => chosen.has(id));
  return {
    chosen,
    choose,
    toggle,
    extend,
    /** whether the whole page is chosen */
    all,
    togglePage: () => choose(all ? [...chosen.values()].filter(({ id }) => !rows.some((row) => row.id === id)) : [...chosen.values(), ...rows]),
    clear: () => choose([]),
  };
}
